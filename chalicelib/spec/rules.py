"""Check a tuning spec beyond its types: AWS's rules, the container's rules, and the stack's ceilings. Pure.

AWS's rules are in botocore's service model and in the SageMaker guide, "Automatic model tuning limits"."""

import unicodedata
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from chalicelib.algorithm import HYPERPARAMETERS, conflicts
from chalicelib.errors import Problem
from chalicelib.settings import Ceilings
from chalicelib.spec.asked import asked_by
from chalicelib.spec.problems import FORM_OF_FOLDS, WHERE, not_a_hyperparameter
from chalicelib.spec.ranges import form

if TYPE_CHECKING:
    from chalicelib.spec.model import ContinuousRange, IntegerRange, Range, TuningSpec

OWN_KEYS = {"target", "folds", "missing", "seed"}
OF_FOLDS = {"folds_by", "folds_in_order_of"}
"""The container's names of what is inside `folds`."""
MAX_JOBS, MAX_RANDOM_JOBS = 750, 10_000
MAX_USER_TAGS = 40


def broken_rules(spec: "TuningSpec") -> Iterator[Problem]:
    """Yield a problem for every rule that the spec breaks."""
    yield from _broken_by_columns(spec)
    yield from _broken_by_hyperparameters(spec)
    yield from _broken_by_max_jobs(spec)
    yield from _broken_by_tags(spec.tags)


def combinations(spec: "TuningSpec") -> int | None:
    """Return the number of combinations of the ranges' values, or None if it is unlimited."""
    sizes = [_size(bounds) for bounds in spec.ranges.values()]
    return None if None in sizes else prod(size for size in sizes if size is not None)


def beyond_the_ceilings(spec: "TuningSpec", ceilings: Ceilings) -> Iterator[Problem]:
    """Yield a problem for everything that exceeds the stack's ceilings."""
    asked = (
        ("max_jobs", spec.max_jobs, ceilings.max_jobs),
        ("max_parallel_jobs", min(spec.max_parallel_jobs, spec.max_jobs), ceilings.max_parallel_jobs),
        ("max_runtime_s", spec.max_runtime_s, ceilings.max_runtime_s),
    )
    for key, value, ceiling in asked:
        if key == "max_jobs" and spec.strategy == "Grid" and value > ceiling:
            what = f"the grid has {value} combinations, but the stack's ceiling is {ceiling} training jobs"
            yield Problem(WHERE, what, "list fewer values", code="ceiling-grid")
        elif value > ceiling:
            yield Problem(WHERE, f"`{key}` must be at most {ceiling}, the stack's ceiling, not {value}", code="ceiling")
    if spec.instance_type not in ceilings.instance_types:
        allowed = ", ".join(ceilings.instance_types)
        yield Problem(
            WHERE,
            f"`instance_type` must be one of {allowed} in this stack, not {spec.instance_type}",
            code="ceiling-instance-type",
        )
    if spec.max_cost_usd and ceilings.max_cost_usd and spec.max_cost_usd > ceilings.max_cost_usd:
        what = f"`max_cost_usd` must be at most {ceilings.max_cost_usd:g}, the stack's ceiling"
        yield Problem(WHERE, f"{what}, not {spec.max_cost_usd:g}", code="ceiling-cost")


def _broken_by_columns(spec: "TuningSpec") -> Iterator[Problem]:
    rule = spec.fold_rule()
    named = {"target": spec.target, "folds.by": rule.by, "folds.in_order_of": rule.in_order_of}
    for key, column in named.items():
        if column is not None and column.splitlines() != [column]:
            what = f"`{key}` has a line break, which AWS does not accept"
            yield Problem(WHERE, what, "rename the column", code=f"spec-{key.replace('.', '-')}-line-break")
        if key != "target" and column == spec.target:
            yield Problem(WHERE, f"`{key}` is the target", "choose another column", code="spec-folds-column-is-target")
    if rule.by is not None and rule.in_order_of is not None:
        what = "`folds` has both `by` and `in_order_of`"
        yield Problem(WHERE, what, "keep one of them", code="spec-folds-two-columns")
    if not isinstance(spec.folds, int) and rule.column is None:
        fix = f"write {rule.count} alone, or add `by` or `in_order_of`"
        yield Problem(WHERE, "`folds` names no column", fix, code="spec-folds-no-column")


def _broken_by_hyperparameters(spec: "TuningSpec") -> Iterator[Problem]:
    if {"search", "ranges"} <= spec.model_fields_set:
        yield Problem(
            WHERE,
            "`search` names the ranges, and `ranges` lists them",
            "keep one of them",
            code="spec-search-and-ranges",
        )
    for name, bounds in spec.ranges.items():
        yield from _broken_by_a_name(f"ranges.{name}", name)
        yield from _broken_by_a_range(f"ranges.{name}", name, bounds)
    for name, value in spec.static.items():
        yield from _broken_by_a_name(f"static.{name}", name)
        yield from _broken_by_a_value(f"static.{name}", name, value)
    for name in sorted(spec.ranges.keys() & spec.static.keys()):
        yield Problem(
            WHERE, f"`{name}` is both in `ranges` and in `static`", "keep one of them", code="spec-searched-and-static"
        )
    yield from conflicts(asked_by(spec))
    if all(len(_values(bounds)) == 1 for bounds in spec.ranges.values()):
        free = (name for name in HYPERPARAMETERS if name not in spec.static)
        fix = f"give at least one range more than one value, {form([*spec.ranges, *free, *HYPERPARAMETERS][0])}"
        yield Problem(WHERE, "`ranges` leaves nothing to tune", fix, code="spec-nothing-to-tune")


def _broken_by_a_name(path: str, name: str) -> Iterator[Problem]:
    if name in OWN_KEYS:
        yield Problem(WHERE, f"`{path}` is misplaced", f"`{name}` is a top-level key", code="spec-key-misplaced")
    elif name in OF_FOLDS:
        yield Problem(WHERE, f"`{path}` is misplaced", f"use `folds`, {FORM_OF_FOLDS}", code="spec-key-misplaced")
    elif name not in HYPERPARAMETERS:
        yield not_a_hyperparameter(path, name)


def _broken_by_a_range(path: str, name: str, bounds: "Range") -> Iterator[Problem]:
    if bounds.type == "categorical":
        for value in bounds.values:
            yield from _broken_by_a_value(f"{path}.values", name, value, form(name))
        if len(set(bounds.values)) < len(bounds.values):
            what = f"`{path}.values` has a duplicate value"
            yield Problem(WHERE, what, f"remove it, {form(name)}", code="spec-duplicate-value")
        return
    known = HYPERPARAMETERS.get(name)
    if known and bounds.type != known.kind:
        kinds = " or ".join(dict.fromkeys((known.kind, "categorical")))
        yield Problem(WHERE, f"`{path}.type` must be {kinds}, not {bounds.type}", form(name), code="spec-range-type")
        return
    if bounds.min > bounds.max:
        yield Problem(
            WHERE,
            f"`{path}.min` must be at most its `max`, {bounds.max:g}, not {bounds.min:g}",
            form(name),
            code="spec-range-min-above-max",
        )
    invalid = [
        problem
        for end in ("min", "max")
        for problem in _broken_by_a_value(f"{path}.{end}", name, f"{getattr(bounds, end):.15g}", form(name))
    ]
    yield from invalid or _broken_by_a_scaling(path, name, bounds)


def _broken_by_a_scaling(path: str, name: str, bounds: "IntegerRange | ContinuousRange") -> Iterator[Problem]:
    if bounds.scaling == "Logarithmic" and bounds.min <= 0:
        yield Problem(
            WHERE,
            f"`{path}.min` must be greater than 0 for Logarithmic scaling, not {bounds.min:g}",
            form(name),
            code="spec-range-scaling",
        )
    if bounds.scaling == "ReverseLogarithmic" and not (bounds.min >= 0 and bounds.max < 1):
        yield Problem(
            WHERE,
            f"`{path}` must be at least 0 and less than 1 for ReverseLogarithmic scaling",
            form(name),
            code="spec-range-scaling",
        )


def _broken_by_a_value(path: str, name: str, value: str, fix: str = "") -> Iterator[Problem]:
    """Yield a problem for a value that the container would refuse, before it costs anything."""
    known = HYPERPARAMETERS.get(name)
    if known and not known.accepts(value):
        yield Problem(WHERE, f"`{path}` must be {known.must}, not {value}", fix, code="spec-hyperparameter-value")


def _broken_by_max_jobs(spec: "TuningSpec") -> Iterator[Problem]:
    if spec.max_parallel_jobs > spec.max_jobs >= 1 and "max_parallel_jobs" in spec.model_fields_set:
        what = f"`max_parallel_jobs` must be at most `max_jobs`, {spec.max_jobs}, not {spec.max_parallel_jobs}"
        yield Problem(WHERE, what, code="spec-max-parallel-jobs")
    most = MAX_RANDOM_JOBS if spec.strategy == "Random" else MAX_JOBS
    if spec.strategy == "Grid" and spec.max_jobs > most:
        what = f"the grid has {spec.max_jobs} combinations, but AWS allows at most {most}"
        yield Problem(WHERE, what, "list fewer values", code="spec-grid-too-large")
    elif not 1 <= spec.max_jobs <= most:
        yield Problem(WHERE, f"`max_jobs` must be from 1 to {most}, not {spec.max_jobs}", code="spec-max-jobs")
    points = combinations(spec)
    if spec.strategy == "Grid":
        yield from _broken_by_a_grid(spec)
    elif points and spec.max_jobs > points:
        what = f"`max_jobs` must be at most {points}, the number of combinations in `ranges`, not {spec.max_jobs}"
        yield Problem(WHERE, what, "lower it, leave it out, or widen a range", code="spec-max-jobs-above-combinations")


def _broken_by_a_grid(spec: "TuningSpec") -> Iterator[Problem]:
    for name, bounds in spec.ranges.items():
        if bounds.type != "categorical" and len(_values(bounds)) > 1:
            fix = f'list its values, as in "{name}": ["<value>", "<value>"], or choose another `strategy`'
            yield Problem(
                WHERE, f"`ranges.{name}` must be categorical for a Grid search", fix, code="spec-grid-needs-lists"
            )
            return
    if spec.max_jobs != combinations(spec):
        what = f"`max_jobs` must be {combinations(spec)}, the number of combinations in the grid, not {spec.max_jobs}"
        yield Problem(WHERE, what, "leave it out", code="spec-grid-max-jobs")


def _broken_by_tags(tags: dict[str, str]) -> Iterator[Problem]:
    if len(tags) > MAX_USER_TAGS:
        yield Problem(
            WHERE, f"`tags` must have at most {MAX_USER_TAGS} tags, not {len(tags)}", code="spec-too-many-tags"
        )
    for key, value in tags.items():
        if key.lower().startswith(("aws:", "retune:")):
            yield Problem(
                WHERE,
                f"`tags.{key}` is reserved",
                "the prefixes `aws:` and `retune:` belong to AWS and Retune",
                code="spec-tag-reserved",
            )
        if not (1 <= len(key) <= 128 and len(value) <= 256 and _is_tag_text(key + value)):
            fix = "keys have 1 to 128 and values up to 256 letters, digits, spaces and _.:/=+-@"
            yield Problem(WHERE, f"`tags.{key[:40]}` is not a valid tag", fix, code="spec-tag-invalid")


def _is_tag_text(text: str) -> bool:
    """AWS: `[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*`, which includes neither tabs nor line breaks."""
    return all(sign in "_.:/=+-@" or unicodedata.category(sign)[0] in "LZN" for sign in text)


def _values(bounds: "Range") -> tuple[object, ...]:
    """Return the distinct values; for a numeric range, only its bounds."""
    if bounds.type == "categorical":
        return bounds.values
    return tuple({bounds.min, bounds.max})


def _size(bounds: "Range") -> int | None:
    """Return how many values a range has, or None for a continuous one. Reversed bounds are refused elsewhere."""
    if bounds.type == "categorical":
        return len(bounds.values)
    if bounds.min == bounds.max:
        return 1
    return max(1, int(bounds.max) - int(bounds.min) + 1) if bounds.type == "integer" else None
