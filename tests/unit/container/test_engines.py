"""What Retune says of the engines before it pays is what the container's own R code says."""

import itertools
from collections.abc import Mapping

import pytest

from chalicelib.algorithm import HYPERPARAMETERS, conflicts
from chalicelib.hyperparameter import Asked, Size
from chalicelib.mars.engines import AVERAGED_ROWS, ENGINES, default_terms, engine_for, fitted_rows, search_rows
from tests.support.container.functions import by_r

ROWS = (10, 99, 150, 1009, 1010, 1011, 30_000, 10**6)
COLUMNS = (1, 9, 10, 11, 29, 31, 40, 99, 100, 101, 150, 200, 201, 1000, 2000)

VALUES = (
    *("", "0", "1", "2", "3", "10", "11", "99", "100", "101", "1000", "1001", "1002", "1000000", "1000001"),
    *("1000000000", "1000000001", "99999999999", "-1", "0.5", "1e-3", "1.0", "01", "x", "NaN", "Inf", "1e999"),
    *("TRUE", "FALSE", "true", "auto", "earth", "mda", "compiled", "Earth"),
)

GIVEN = {
    "engine": ("auto", "earth", "mda", "compiled"),
    "nk": ("5", "120", "121", "1001"),
    "nprune": ("5", "6", "120", "121"),
    "minspan": ("119", "120"),
    "endspan": ("1", "1000000"),
    "fast_k": ("0",),
    "max_search_rows": ("100", "1000000"),
}
SIZES = (Size(150, 5), Size(10, 2), Size(30_000, 20), Size(1_000_000, 5), Size(1_000_000, 5, has_validation=True))


def some_settings() -> list[dict[str, str]]:
    """Every pair of hyperparameters with every pair of values, and each alone."""
    singles = [{name: value} for name, values in GIVEN.items() for value in values]
    return [{}, *singles, *({**a, **b} for a, b in itertools.combinations(singles, 2) if a.keys() != b.keys())]


def test_the_engine_is_the_same() -> None:
    cases = [[asked, is_there] for asked in ("auto", *ENGINES) for is_there in (True, False)]
    possible = [case for case in cases if case != ["compiled", False]]

    found = by_r("answer(function(case) { has_compiled <<- function() case[[2]]; engine_for(case[[1]]) })", possible)

    assert found == [engine_for(asked, is_there) for asked, is_there in possible]


def test_the_default_number_of_terms_is_the_same() -> None:
    cases = list(itertools.product(ENGINES, ROWS, COLUMNS))

    found = by_r(
        "mda_terms <- function(columns) eval(formals(mda::mars)$nk, list(x = matrix(0, 1, columns)))\n"
        "answer(function(case) switch(case[[1]], compiled = compiled_terms(case[[3]], case[[2]]),"
        " earth = earth_terms(case[[3]]), mda = mda_terms(case[[3]])))",
        cases,
    )

    assert found == [default_terms(*case) for case in cases]


def test_the_rows_on_which_knots_are_searched_are_the_same() -> None:
    cases = list(itertools.product(ENGINES, COLUMNS))

    found = by_r("answer(function(case) search_rows(case[[1]], case[[2]], list()))", cases)

    assert found == [search_rows(*case) for case in cases]


def test_the_average_of_the_folds_models_is_served_up_to_as_many_rows() -> None:
    assert by_r("answer(function(case) averaged_rows)", [None]) == [AVERAGED_ROWS]


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_a_value_is_accepted_by_both_or_by_neither(name: str) -> None:
    found = by_r(f"answer(function(value) !is_refused(algorithm_hyperparameters[['{name}']](value)))", VALUES)

    accepts = HYPERPARAMETERS[name].accepts
    assert {v for v, is_accepted in zip(VALUES, found, strict=True) if is_accepted} == {v for v in VALUES if accepts(v)}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_settings_that_cannot_be_are_refused_by_both(size: Size) -> None:
    cases = some_settings()

    found = by_r(
        f"has_compiled <- function() TRUE; fitted <- {fitted_rows(size)}\n"
        "answer(function(case) is_refused({\n"
        "  settings <- as_hyperparameters(c(list(target = 'y'), case))\n"
        "  engine <- engine_for(settings$engine)\n"
        "  check_settings(engine, settings, min(fitted, search_rows(engine, 1, settings)))\n"
        "}))",
        cases,
    )

    assert [case for case, is_refused in zip(cases, found, strict=True) if is_refused] == [
        case for case in cases if list(conflicts(as_asked(case), size))
    ]


def as_asked(settings: Mapping[str, str]) -> dict[str, list[Asked]]:
    return {name: [Asked(f"static.{name}", value)] for name, value in settings.items()}


def test_only_the_container_knows_the_rows_of_each_fold() -> None:
    """Of 150 rows in 5 folds, the largest fold may leave fewer than 120."""
    settings = {"minspan": "119"}

    assert list(conflicts(as_asked(settings), Size(150, 5))) == []
    assert by_r("answer(function(case) is_refused(check_sizes(list(minspan = 119), 119)))", [None]) == [True]
