"""Figures beside the objective, and what much simpler models reach."""

import pytest

from chalicelib.results.measures import measures, shortfalls
from tests.support.tuned import job, metrics, recorded

MEAN = "It predicts no better than the target's mean."
LINE = "It predicts no better than a straight line in each column (least squares)."


def test_the_record_names_them_as_metrics_json_does() -> None:
    assert recorded(job(1, 0.1, metrics=metrics()))["best"]["measures"] == {
        "rmse": 0.1**0.5, "mae": 0.25, "mse_se": 0.012, "r2": 0.86, "baseline_mse": 0.7, "linear_mse": 0.12,
    }  # fmt: skip


def test_what_was_not_logged_is_left_out() -> None:
    assert measures({"mse": 0.1, "rsq": 0.86}) == {"r2": 0.86}
    assert recorded(job(1, 0.1))["best"]["measures"] == {}


@pytest.mark.parametrize(
    ("mean", "line", "sentences"),
    [(0.2, 0.2, []), (0.1, 0.2, [MEAN]), (0.2, 0.1, [LINE]), (0.05, 0.01, [MEAN, LINE])],
)
def test_a_model_that_does_not_beat_a_simple_one_says_so(mean: float, line: float, sentences: list[str]) -> None:
    assert list(shortfalls(0.1, {"baseline_mse": mean, "linear_mse": line})) == sentences


def test_without_their_figures_nothing_is_said_of_them() -> None:
    assert list(shortfalls(0.1, {})) == []
