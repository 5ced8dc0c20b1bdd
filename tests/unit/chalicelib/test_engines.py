"""What the data's size rules out before a training job is paid for."""

import pytest

from chalicelib.engines import conflicts, describe_model, fitted_rows, notes_on_model
from chalicelib.hyperparameter import Size
from chalicelib.spec.asked import asked_by
from tests.support.specs import integer, spec
from tests.support.tuned import metrics


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        (Size(150, 5), 120),
        (Size(151, 5), 120),  # one fold has 31 rows
        (Size(200_000, 5), 160_000),
        (Size(100_000, 5, has_validation=True), 80_000),
        (Size(100_001, 5, has_validation=True), 100_001),  # one fit, to all rows
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


@pytest.mark.parametrize(
    ("compiled", "asked", "engine"),
    [(1, {}, "compiled"), (0, {}, "earth"), (0, {"engine": "auto"}, "earth"), (0, {"engine": "mda"}, "mda")],
)
def test_the_engine_follows_from_a_number_in_the_log_and_from_what_was_asked(
    compiled: int, asked: dict[str, str], engine: str
) -> None:
    assert describe_model(metrics(compiled=compiled), asked)["engine"] == engine


def test_a_model_is_described_in_whole_numbers() -> None:
    assert describe_model(metrics(bound_reached=1, sampled_rows=20_000.0), {}) == {
        "engine": "compiled", "members": 5, "terms": 14, "nk": 21, "sampled_rows": 20_000, "bound_reached": True,
    }  # fmt: skip


def test_nothing_is_said_of_a_model_whose_image_does_not_log_it() -> None:
    older = {"mse": 0.1, "terms": 9, "bound_reached": 1}

    assert describe_model(older, {"engine": "earth"}) == {}
    assert list(notes_on_model({})) == []


def test_each_bound_that_was_reached_has_a_sentence() -> None:
    model = describe_model(metrics(bound_reached=1, nk=101, sampled_rows=20_000), {})

    assert list(notes_on_model(model)) == [
        "Its search stopped at 101 terms: a larger `nk` may fit better.",
        "Its knots were searched on a sample of 20,000 rows: a larger `max_search_rows` may fit better.",
    ]
    assert list(notes_on_model(describe_model(metrics(), {}))) == []
