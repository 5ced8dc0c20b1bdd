"""What a tuning spec cannot ask of the engines, beside other values or for data of its size. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.errors import Problem
from chalicelib.hyperparameter import Asked, Size, least_of, most_of
from chalicelib.mars.engines import EARTH_MOST_TERMS, engine_for, fitted_rows, search_rows

_NOT_OF_MDA = ("nprune", "minspan", "endspan", "fast_k")
_TERMS = ("nk", "nprune")
_SPANS = ("minspan", "endspan")
_WHERE = "`tuning.json`:"


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
    most, least = most_of(asked["nprune"]), least_of(asked["nk"])
    if int(most.value) > int(least.value):
        what = f"`{most.key}` must be at most `{least.key}`, {least.value}, not {most.value}"
        yield Problem(_WHERE, what, "`nk` limits the terms before pruning", code="spec-nprune-above-nk")


def _beyond_the_engine(engine: Asked, asked: Mapping[str, Sequence[Asked]]) -> Iterator[Problem]:
    for name in _NOT_OF_MDA if engine.value == "mda" else ():
        if name in asked:
            what = f"the engine mda, in `{engine.key}`, has no `{name}`"
            yield Problem(_WHERE, what, "leave it out, or use another engine", code="spec-not-of-engine")
    if engine.value == "earth" and "nk" in asked and int((nk := most_of(asked["nk"])).value) > EARTH_MOST_TERMS:
        what = f"`{nk.key}` must be at most {EARTH_MOST_TERMS} for the engine earth, not {nk.value}"
        yield Problem(_WHERE, what, "lower it, or use another engine", code="spec-nk-beyond-earth")


def _beyond_the_rows(asked: Mapping[str, Sequence[Asked]], size: Size) -> Iterator[Problem]:
    fitted, sample = fitted_rows(size), _sample_rows(asked)
    rows = min(fitted, sample)
    of = f"with {size.rows} rows in {size.folds} folds" if fitted <= sample else f"with knots searched on {rows} rows"
    for name in (*_TERMS, *_SPANS):
        limit = rows if name in _TERMS else rows - 1
        if name in asked and int((most := most_of(asked[name])).value) > limit:
            what = f"`{most.key}` must be at most {limit} {of}, not {most.value}"
            yield Problem(_WHERE, what, "lower it, or leave it out", code="spec-beyond-rows")


def _sample_rows(asked: Mapping[str, Sequence[Asked]]) -> int:
    """Return the most rows on which every requested engine may search knots, whatever the columns."""
    if "max_search_rows" in asked:
        return int(least_of(asked["max_search_rows"]).value)
    engines = [engine_for(engine.value) for engine in asked.get("engine", ())] or ["compiled"]
    return min(search_rows(engine, columns=1) for engine in engines)
