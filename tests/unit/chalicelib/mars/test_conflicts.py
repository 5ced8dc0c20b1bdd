"""What the data's size rules out before a training job is paid for."""

import pytest

from chalicelib.algorithm import conflicts
from chalicelib.hyperparameter import Size
from chalicelib.mars.engines import fitted_rows
from chalicelib.spec.asked import asked_by
from tests.support.specs import integer, spec


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        (Size(150, 5), 120),
        (Size(151, 5), 120),  # one fold has 31 rows
        (Size(200_000, 5), 160_000),
        (Size(100_000, 5, has_validation=True), 80_000),
        (Size(100_001, 5, has_validation=True), 100_001),  # one fit, to all rows
        (Size(150, 5, has_validation=True, is_in_order=True), 150),
        (Size(150, 5, is_in_order=True), 145),  # all but one row of each later block may be of one time
    ],
)
def test_a_model_is_fitted_to_the_rows_beside_its_fold(size: Size, rows: int) -> None:
    assert fitted_rows(size) == rows


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"static": {"minspan": "120"}},
            "`static.minspan` must be at most 119 with 150 rows in 5 folds, not 120: lower",
        ),
        (
            {"static": {"endspan": "999"}},
            "`static.endspan` must be at most 119 with 150 rows in 5 folds, not 999: lower",
        ),
        ({"ranges": {"nk": integer(21, 121)}}, "`ranges.nk.max` must be at most 120 with 150 rows in 5 folds, not 121"),
        ({"static": {"nprune": "121"}}, "`static.nprune` must be at most 120 with 150 rows in 5 folds, not 121"),
        (
            {"static": {"minspan": "100", "max_search_rows": "100"}},
            "`static.minspan` must be at most 99 with knots searched on 100 rows, not 100",
        ),
    ],
)
def test_values_beyond_the_rows_are_refused_with_key_value_and_rows(keys: dict[str, dict[str, str]], said: str) -> None:
    (problem,) = conflicts(asked_by(spec(**keys)), Size(150, 5))

    assert said in str(problem)


def test_values_that_the_rows_allow_are_accepted() -> None:
    static = {"minspan": "119", "endspan": "119", "nk": "120", "nprune": "120"}

    assert list(conflicts(asked_by(spec(static=static)), Size(150, 5))) == []
