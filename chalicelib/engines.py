"""The container's engines: which one fits a table, how far it searches, what it refuses, what it found. Pure.

The container decides (`container/R/model/engine/`). Its rules and numbers are repeated here, so that a spec can be
refused before it is paid for; a test compares both.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.errors import Problem
from chalicelib.hyperparameter import Asked, Size

ENGINES = ("compiled", "earth", "mda")
EARTH_MOST_TERMS = 1000
AVERAGED_ROWS = 100_000
"""Above this many rows, one fit to all of them is served, not the average of the folds' models."""

_NOT_OF_MDA = ("nprune", "minspan", "endspan", "fast_k")
_TERMS = ("nk", "nprune")
_SPANS = ("minspan", "endspan")
_WHERE = "`tuning.json`:"


def engine_for(asked: str, has_compiled: bool = True) -> str:
    """Return the engine that fits a table: `auto` is the compiled engine if the image has it, whatever the size."""
    return ("compiled" if has_compiled else "earth") if asked == "auto" else asked


def default_terms(engine: str, rows: int, columns: int) -> int:
    """Return the default of `nk`. `rows` are those on which knots are searched; `columns` count encoded factors."""
    if engine == "mda":
        return max(21, 2 * columns + 1)
    earth = min(200, max(20, 2 * columns)) + 1
    return max(earth, min(101, rows // 10)) if engine == "compiled" else earth


def search_rows(engine: str, columns: int) -> int:
    """Return the default of `max_search_rows`."""
    if engine == "compiled":
        return max(10_000, min(50_000, 2_000_000 // columns))
    return max(2_000 if engine == "earth" else 1_000, min(10_000, 300_000 // columns))


def fitted_rows(size: Size) -> int:
    """Return how many rows a model is fitted to at most, in the fold that leaves the fewest."""
    if size.has_validation and size.rows > AVERAGED_ROWS:
        return size.rows
    return size.rows - math.ceil(size.rows / size.folds)


def conflicts(asked: Mapping[str, Sequence[Asked]], size: Size | None = None) -> Iterator[Problem]:
    """Yield a problem for each value that no engine accepts: beside another one, or for data of this size.

    The rows in each fold are known only to the container, which may refuse more than this."""
    yield from _nprune_above_nk(asked)
    for engine in asked.get("engine", ()):
        yield from _beyond_the_engine(engine, asked)
    if size:
        yield from _beyond_the_rows(asked, size)


def _nprune_above_nk(asked: Mapping[str, Sequence[Asked]]) -> Iterator[Problem]:
    if "nprune" not in asked or "nk" not in asked:
        return
    most, least = _most(asked["nprune"]), _least(asked["nk"])
    if int(most.value) > int(least.value):
        what = f"`{most.key}` must be at most `{least.key}`, {least.value}, not {most.value}"
        yield Problem(_WHERE, what, "`nk` limits the terms before pruning", code="spec-nprune-above-nk")


def _beyond_the_engine(engine: Asked, asked: Mapping[str, Sequence[Asked]]) -> Iterator[Problem]:
    for name in _NOT_OF_MDA if engine.value == "mda" else ():
        if name in asked:
            what = f"the engine mda, in `{engine.key}`, has no `{name}`"
            yield Problem(_WHERE, what, "leave it out, or use another engine", code="spec-not-of-engine")
    if engine.value == "earth" and "nk" in asked and int((nk := _most(asked["nk"])).value) > EARTH_MOST_TERMS:
        what = f"`{nk.key}` must be at most {EARTH_MOST_TERMS} for the engine earth, not {nk.value}"
        yield Problem(_WHERE, what, "lower it, or use another engine", code="spec-nk-beyond-earth")


def _beyond_the_rows(asked: Mapping[str, Sequence[Asked]], size: Size) -> Iterator[Problem]:
    fitted, sample = fitted_rows(size), _sample_rows(asked)
    rows = min(fitted, sample)
    of = f"with {size.rows} rows in {size.folds} folds" if fitted <= sample else f"with knots searched on {rows} rows"
    for name in (*_TERMS, *_SPANS):
        limit = rows if name in _TERMS else rows - 1
        if name in asked and int((most := _most(asked[name])).value) > limit:
            what = f"`{most.key}` must be at most {limit} {of}, not {most.value}"
            yield Problem(_WHERE, what, "lower it, or leave it out", code="spec-beyond-rows")


def describe_model(metrics: Mapping[str, float], hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Return what the metrics in a training job's log say of its model; empty if its image does not log them all.

    SageMaker reads only numbers from a log, so the engine follows from `compiled`, 0 or 1, and from what was asked.
    `members` counts the fits whose average the model is; `sampled_rows` is 0 if knots were searched on all rows."""
    counts = ("members", "terms", "nk", "sampled_rows")
    if not {"compiled", "bound_reached", *counts} <= metrics.keys():
        return {}
    return {
        "engine": engine_for(hyperparameters.get("engine", "auto"), metrics["compiled"] == 1),
        **{name: int(metrics[name]) for name in counts},
        "bound_reached": metrics["bound_reached"] == 1,
    }


def notes_on_model(model: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each bound on cost that the search reached."""
    if model.get("bound_reached"):
        yield f"Its search stopped at {model['nk']} terms: a larger `nk` may fit better."
    if rows := model.get("sampled_rows"):
        yield f"Its knots were searched on a sample of {rows:,} rows: a larger `max_search_rows` may fit better."


def _sample_rows(asked: Mapping[str, Sequence[Asked]]) -> int:
    """Return the most rows on which every requested engine may search knots, whatever the columns."""
    if "max_search_rows" in asked:
        return int(_least(asked["max_search_rows"]).value)
    engines = [engine_for(engine.value) for engine in asked.get("engine", ())] or ["compiled"]
    return min(search_rows(engine, columns=1) for engine in engines)


def _least(asked: Sequence[Asked]) -> Asked:
    return min(asked, key=lambda one: int(one.value))


def _most(asked: Sequence[Asked]) -> Asked:
    return max(asked, key=lambda one: int(one.value))
