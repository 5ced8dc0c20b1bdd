"""How training jobs will fit a dataset, in sentences for people. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.hyperparameter import Asked, Size, least_of, most_of
from chalicelib.mars.engines import (
    AVERAGED_ROWS,
    ENGINES,
    default_terms,
    engine_for,
    fitted_rows,
    is_averaged,
    search_rows,
)

_MANY = 10**9
"""Rows, or columns, beyond every limit in the rules."""


def training_plan(asked: Mapping[str, Sequence[Asked]], size: Size | None, columns: int) -> Iterator[str]:
    """Yield a sentence on the engine, one on what is served, and one on the bounds of each engine.

    `columns` count those of encoded factors. Without a size, the last ones give the rules with their numbers."""
    requested = [engine.value for engine in asked.get("engine", ())] or ["auto"]
    names = ["compiled (earth in an image without it)" if name == "auto" else name for name in requested]
    yield f"Engine: {' or '.join(names)}, whatever the size of the data."
    yield _served(size, columns)
    possible = {engine_for(name, has_compiled) for name in requested for has_compiled in (True, False)}
    for engine in ENGINES:
        if engine in possible:
            yield f"With {engine}, {_terms(engine, asked, size, columns)}; {_knots(engine, asked, size, columns)}."


def _served(size: Size | None, columns: int) -> str:
    if size is None:
        single = f"above {AVERAGED_ROWS:,} rows or in order of time, one fit to all rows"
        return f"Folds: their models' average is served; {single}."
    data = f"{size.rows:,} rows, encoded in {columns:,} column{'' if columns == 1 else 's'}"
    if fitted_rows(size) == size.rows:
        return f"Folds: none for {data}: one fit to all rows is served, and measured on the validation channel."
    if size.is_in_order:
        return (
            f"Folds: {size.folds} of {data}: each is predicted from the rows before it; served is one fit to all rows."
        )
    served = "the average of their models" if is_averaged(size) else "one fit to all rows"
    return (
        f"Folds: {size.folds} of {data}: each model is fitted to about {fitted_rows(size):,} rows; served is {served}."
    )


def _terms(engine: str, asked: Mapping[str, Sequence[Asked]], size: Size | None, columns: int) -> str:
    if "nk" in asked:
        most = most_of(asked["nk"])
        return f"a search makes at most {most.value} terms (`{most.key}`)"
    if size:
        rows = min(fitted_rows(size), _knot_rows(engine, asked, columns))
        return f"a search makes at most {default_terms(engine, rows, columns):,} terms (`nk`)"
    rule = f"a search makes at most {default_terms(engine, 0, 1)} terms, or twice the columns and one"
    if engine != "mda":
        rule += f" up to {default_terms(engine, 0, _MANY)}"
    if engine == "compiled":
        rule += f", or a tenth of the rows up to {default_terms(engine, _MANY, 1)}"
    return f"{rule} (`nk`)"


def _knots(engine: str, asked: Mapping[str, Sequence[Asked]], size: Size | None, columns: int) -> str:
    if size and fitted_rows(size) <= _knot_rows(engine, asked, columns):
        return "knots are searched on all rows of a fit"
    if size or "max_search_rows" in asked:
        return f"knots are searched on a sample of {_knot_rows(engine, asked, columns):,} rows (`max_search_rows`)"
    most, least = search_rows(engine, 1), search_rows(engine, _MANY)
    return f"knots are searched on {most:,} rows at most, on wide data {least:,} (`max_search_rows`)"


def _knot_rows(engine: str, asked: Mapping[str, Sequence[Asked]], columns: int) -> int:
    if "max_search_rows" in asked:
        return int(least_of(asked["max_search_rows"]).value)
    return search_rows(engine, columns)
