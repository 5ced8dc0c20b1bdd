"""What a model's metrics say of it."""

import pytest

from chalicelib.algorithm import describe_model, notes_on_model
from tests.support.tuned import metrics


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
