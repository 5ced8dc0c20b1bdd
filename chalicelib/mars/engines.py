"""The container's engines: which one fits a table, and how far it searches. Pure.

The container decides (`container/R/model/engine/`). Its rules and numbers are repeated in this folder, so that a spec
can be refused before it is paid for, and `explain` can tell; a test compares both.
"""

import math

from chalicelib.hyperparameter import Size

ENGINES = ("compiled", "earth", "mda")
EARTH_MOST_TERMS = 1000
AVERAGED_ROWS = 100_000
"""Above this many rows, one fit to all of them is served, not the average of the folds' models."""


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
    if size.has_validation and not is_averaged(size):
        return size.rows
    if size.is_in_order:
        return size.rows - size.folds  # the first block of times may be that large
    return size.rows - math.ceil(size.rows / size.folds)


def is_averaged(size: Size) -> bool:
    """Whether the average of the folds' models is served; in order of time, the first of them know only old rows."""
    return size.rows <= AVERAGED_ROWS and not size.is_in_order
