"""The `sagemaker` SDK of the second generation, unchanged: tuners with each strategy, metrics, and AWS's charts."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.heavy.clients import SDK_V2
from tests.support.heavy.python_image import TRAINS, python_image

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the story saw."""
    with python_image(tmp_path_factory.mktemp("sdk-v2-tuner"), {"train": TRAINS}) as (aws, given):
        yield aws.hear(SDK_V2, "sdk_v2/tuner.py", given)


def test_a_random_search_of_one_seed_finds_the_same_points(told: dict[str, Any]) -> None:
    first, second = ([row["x"] for row in one["rows"]] for one in told["random"])

    assert first == second
    assert len(set(first)) == 3


def test_a_grid_search_trains_every_combination_once(told: dict[str, Any]) -> None:
    found = [(row["x"], row["of"]) for row in told["grid"]["rows"]]

    assert sorted(found) == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]


def test_a_hyperband_search_stops_every_training_job_at_its_most_epochs(told: dict[str, Any]) -> None:
    described = told["hyperband"]["described"]

    config = described["HyperParameterTuningJobConfig"]["StrategyConfig"]["HyperbandStrategyConfig"]
    assert config == {"MinResource": 1, "MaxResource": 3}
    assert described["HyperParameterTuningJobStatus"] == "Completed"
    assert described["TrainingJobStatusCounters"]["Stopped"] == 4


def test_early_stopping_stops_the_training_job_that_falls_behind(told: dict[str, Any]) -> None:
    statuses = {row["x"]: row["TrainingJobStatus"] for row in told["stopped_early"]["rows"]}

    assert statuses == {1: "Completed", 2: "Completed", 3: "Completed", 9: "Stopped"}


def test_a_tuner_completes_once_its_target_is_reached(told: dict[str, Any]) -> None:
    described = told["completed_early"]["described"]

    assert described["HyperParameterTuningJobStatus"] == "Completed"
    assert described["TrainingJobStatusCounters"]["Completed"] == 1


@pytest.mark.parametrize(
    ("helper", "kind"),
    [
        ("identical", "IdenticalDataAndAlgorithm"),
        ("transfer", "TransferLearning"),
        ("by-name", "IdenticalDataAndAlgorithm"),
    ],
)
def test_a_tuner_starts_warm_from_another(told: dict[str, Any], helper: str, kind: str) -> None:
    warm = told["warm"][helper]["described"]

    assert warm["HyperParameterTuningJobStatus"] == "Completed"
    assert warm["WarmStartConfig"] == {
        "WarmStartType": kind,
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "random-1"}],
    }
    assert ("OverallBestTrainingJob" in warm) == (kind == "IdenticalDataAndAlgorithm")


def test_a_warm_start_of_two_parents_knows_the_best_of_all(told: dict[str, Any]) -> None:
    warm, parents = told["warm"]["two-parents"], [row for one in told["random"] for row in one["rows"]]

    named = warm["described"]["WarmStartConfig"]["ParentHyperParameterTuningJobs"]
    assert {one["HyperParameterTuningJobName"] for one in named} == {"random-1", "random-2"}
    least = min(row["FinalObjectiveValue"] for row in [*parents, *warm["rows"]])
    overall = warm["described"]["OverallBestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    assert overall == pytest.approx(least)


def test_a_tuner_of_several_algorithms_attaches_and_agrees_on_the_best(told: dict[str, Any]) -> None:
    several = told["several"]

    assert several["ranges"] == ["one", "two"]
    assert several["rows"] == {"one": 2, "two": 2}
    assert several["best"] == several["best_of_attached"]
    assert several["best_x"] == several["tuned"]


def test_a_tuner_that_is_told_to_stop_has_stopped(told: dict[str, Any]) -> None:
    assert told["stopped"] == "Stopped"


def test_an_estimators_analytics_show_every_metric(told: dict[str, Any]) -> None:
    """Losses of 5 and 4.5 in epochs 1 and 2; a new minute may begin between the two."""
    found = told["metrics"]["of_estimator"]

    assert {row["metric_name"] for row in found} == {"loss", "epoch"}
    losses = [row["value"] for row in found if row["metric_name"] == "loss"]
    assert losses in ([4.75], [5.0, 4.5])


def test_analytics_of_one_metric_show_it_alone(told: dict[str, Any]) -> None:
    assert {row["metric_name"] for row in told["metrics"]["by_name"]} == {"loss"}


def test_aws_charts_show_every_training_job(told: dict[str, Any]) -> None:
    trained = {row["TrainingJobName"] for row in told["random"][0]["rows"]}

    assert {row["TrainingJobName"] for row in told["charts"]["trials"]} == trained
    assert len(trained) in told["charts"]["data"].values()


def test_aws_charts_show_the_metrics_of_cloudwatch_by_their_names(told: dict[str, Any]) -> None:
    """The charts filter by name: a label of another form leaves them empty."""
    trials = {row["TrainingJobName"]: row["FinalObjectiveValue"] for row in told["random"][0]["rows"]}
    shown = told["charts"]["metrics"]

    losses = {row["TrainingJobName"]: row["value"] for row in shown if row["label"] == "loss"}
    assert losses == pytest.approx(trials)
    assert {row["label"] for row in shown} == {"loss", "epoch"}
    assert len(shown) in told["charts"]["data"].values()
