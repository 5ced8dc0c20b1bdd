"""Translate pydantic's errors: the key's path, what it must be, what it is, and the key that was meant. Pure."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from chalicelib.algorithm import HYPERPARAMETERS, SEARCHES
from chalicelib.errors import Problem
from chalicelib.spec.ranges import form

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

WHERE = "`tuning.json`:"
TARGET_IS_MISSING = "`target` is missing"
ONE_AT_THE_END = "Hyperband and early stopping need intermediate objectives; this container reports one, at the end"
FORM_OF_FOLDS = 'as in {"count": 5, "by": "<column>"}'
NOT_OFFERED = {
    "warm_start": "warm starts are not supported",
    "instance_count": "each training job uses one instance",
    "early_stopping": ONE_AT_THE_END,
    "training_job_early_stopping_type": ONE_AT_THE_END,
    "role": "the stack sets the role",
    "image": "the stack sets the image",
    "objective": "the objective is always `mse`, measured out of sample",
}
_SHOWN = 40
_OBJECTS = {"dict_type", "model_type", "model_attributes_type"}
_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a string",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
}


def in_our_words(error: "ValidationError", given: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return one problem for each error that a person can fix; the others only follow from these."""
    findings = [found for found in error.errors(include_url=False) if found["type"] != "default_factory_not_called"]
    inner = {found["loc"][:-1] for found in findings}
    return tuple(_problem(found) for found in findings if found["type"] != "too_short" or found["loc"] not in inner)


def not_a_hyperparameter(path: str, name: str) -> Problem:
    """Return the problem that `path` names a hyperparameter that the container does not have."""
    close = get_close_matches(name, HYPERPARAMETERS, n=1, cutoff=0.5)
    fix = f"did you mean `{close[0]}`?" if close else f"the container accepts {', '.join(HYPERPARAMETERS)}"
    return Problem(WHERE, f"`{path}` is not a hyperparameter of the container", fix, code="spec-not-a-hyperparameter")


def _problem(found: "ErrorDetails") -> Problem:
    path = _path(found["loc"])
    key = f"`{'.'.join(path)}`"
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(WHERE, f"unknown key {key}", _meant(path), code="spec-unknown-key")
    if path[0] == "ranges" and len(path) == 2 and kind in _OBJECTS and path[1] not in HYPERPARAMETERS:
        return not_a_hyperparameter(".".join(path), path[1])
    if kind == "missing" and path == ["target"]:
        return Problem(
            WHERE, TARGET_IS_MISSING, 'name the column to predict, as in {"target": "<column>"}', code="spec-no-target"
        )
    if kind == "missing" and path[0] == "folds":
        return Problem(WHERE, f"{key} is missing", FORM_OF_FOLDS, code="spec-folds-incomplete")
    if kind in ("missing", "union_tag_not_found"):
        missing = key if kind == "missing" else f"`{'.'.join(path)}.type`"
        return Problem(
            WHERE,
            f"{missing} is missing",
            f"a range needs `type`, and either `min` and `max` or `values`; or its short form, {form(path[1])}",
            code="spec-range-incomplete",
        )
    must = _must_be(kind, context)
    fix = ONE_AT_THE_END if found["input"] == "Hyperband" else _as_text(kind, found["input"])
    if path[0] == "ranges":
        must = "a short range or an object" if len(path) == 2 and kind in _OBJECTS else must
        shown = form(path[1] if len(path) > 1 else next(iter(SEARCHES["default"])))
        fix = f"{fix}, or a range in short form, {shown}" if fix else shown
    if path == ["folds"] and _must_be(kind, context) == "a whole number":
        must, fix = "a whole number or an object", FORM_OF_FOLDS
    return Problem(WHERE, f"{key} must be {must}, not {_shown(found['input'])}", fix, code="spec-value")


def _path(location: tuple[int | str, ...]) -> list[str]:
    """Return the key's path. Below a range's name and `folds`, pydantic includes the kind of value as a step."""
    steps = [step if len(step) <= _SHOWN else f"{step[:_SHOWN]}…" for step in map(str, location)]
    kind_at = {"ranges": 2, "folds": 1}.get(steps[0])
    return steps if kind_at is None else steps[:kind_at] + steps[kind_at + 1 :]


def _as_text(kind: str, value: Any) -> str:
    if kind != "string_type" or not isinstance(value, bool | int | float):
        return ""
    return f'write "{str(value).upper() if isinstance(value, bool) else value}"'


def _must_be(kind: str, context: Mapping[str, Any]) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "unknown_search":
        return str(context["known"])
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    if kind == "union_tag_invalid":
        return "of type integer, continuous or categorical"
    bounds = {
        "greater_than_equal": ("ge", "at least {}"),
        "less_than_equal": ("le", "at most {}"),
        "greater_than": ("gt", "greater than {:g}"),
        "string_too_short": ("min_length", "at least {} character long"),
        "string_too_long": ("max_length", "at most {} characters long"),
        "too_short": ("min_length", "a list of at least {} value"),
        "too_long": ("max_length", "a list of at most {} values"),
    }
    name, words = bounds.get(kind, ("", kind.replace("_", " ")))
    return words.format(context.get(name))


def _meant(path: list[str]) -> str:
    key = path[-1]
    if key in NOT_OFFERED:
        return NOT_OFFERED[key]
    known = _keys_beside(path)
    if path[0] == "ranges" and len(path) > 1:
        return f"a range has {', '.join(known[:-1])} or {known[-1]}; or its short form, {form(path[1])}"
    close = get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else f"the valid keys are {', '.join(known)}"


def _keys_beside(path: list[str]) -> tuple[str, ...]:
    """Return the valid keys at this path's level."""
    # Imports pydantic, which only an invalid spec needs.
    from chalicelib.spec.model import RANGES, Completion, FoldsOfColumn, TuningSpec

    inner: dict[str, tuple[type[BaseModel], ...]] = {
        "completion": (Completion,),
        "folds": (FoldsOfColumn,),
        "ranges": tuple(RANGES.values()),
    }
    kinds = inner.get(path[0], (TuningSpec,)) if len(path) > 1 else (TuningSpec,)
    return tuple(dict.fromkeys(key for kind in kinds for key in kind.model_fields))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
