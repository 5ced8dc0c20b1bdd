"""The `sagemaker` SDK of the second generation, unchanged, against the local AWS: what its users do, step by step."""

from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.clients import SDK_V2

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def told(alone: Alone) -> dict[str, Any]:
    """What the story saw."""
    return alone.tell(SDK_V2, "sdk_v2/estimator.py")


def test_an_estimator_trains_shows_the_log_and_knows_its_model(told: dict[str, Any], alone: Alone) -> None:
    trained = told["trained"]
    assert "mse: 0." in trained["log"]
    assert "Training seconds: " in trained["log"]
    assert trained["model_data"].endswith(f"/{trained['name']}/output/model.tar.gz")
    bucket, _, key = trained["model_data"].removeprefix("s3://").partition("/")
    assert alone.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_an_estimator_attaches_to_a_job_and_finds_its_hyperparameters(told: dict[str, Any]) -> None:
    assert told["trained"]["attached_hyperparameters"] == {"target": "Sepal.Length", "degree": "2"}


def test_a_job_that_fails_raises_with_what_the_container_said(told: dict[str, Any]) -> None:
    assert "Failed. Reason: AlgorithmError: " in told["failed"]
    assert "`degree` must be" in told["failed"]


def test_a_tuner_finds_the_training_job_with_the_least_objective(told: dict[str, Any]) -> None:
    tuned = told["tuned"]
    assert tuned["described"]["HyperParameterTuningJobStatus"] == "Completed"
    assert len(tuned["rows"]) == 4
    least = min(tuned["rows"], key=lambda row: float(row["FinalObjectiveValue"]))
    assert tuned["best_training_job"] == least["TrainingJobName"]
    assert tuned["attached_best"] == least["TrainingJobName"]


def test_analytics_has_every_hyperparameter_and_time(told: dict[str, Any]) -> None:
    columns = {
        "degree", "thresh", "prune", "TrainingJobName", "TrainingJobStatus", "FinalObjectiveValue",
        "TrainingStartTime", "TrainingEndTime", "TrainingElapsedTimeSeconds",
    }  # fmt: skip
    for row in told["tuned"]["rows"]:
        assert row.keys() == columns
        assert row["degree"] in (1, 2, 3)
        assert 0.001 <= row["thresh"] <= 0.01
        assert row["prune"] in ("TRUE", "FALSE")
        assert row["TrainingElapsedTimeSeconds"] > 0


def test_the_best_estimator_has_the_values_that_were_tuned(told: dict[str, Any]) -> None:
    tuned = told["tuned"]
    best = next(row for row in tuned["rows"] if row["TrainingJobName"] == tuned["best_training_job"])
    found = tuned["best_hyperparameters"]
    assert (found["target"], found["degree"]) == ("Sepal.Length", str(int(best["degree"])))
    assert float(found["thresh"]) == pytest.approx(best["thresh"])


def test_a_tuner_attaches_and_finds_its_ranges(told: dict[str, Any]) -> None:
    assert told["tuned"]["attached_ranges"] == ["degree", "prune", "thresh"]


def test_its_tags_are_there(told: dict[str, Any]) -> None:
    assert {"Key": "owner", "Value": "sdk"} in told["tuned"]["tags"]


def test_a_transformer_predicts_every_row_and_attaches(told: dict[str, Any]) -> None:
    """Iris has a sepal length of 5 cm or so in its first rows."""
    predictions = [float(text) for text in told["transformed"]["predictions"]]
    assert len(predictions) == 5
    assert all(4 < one < 6 for one in predictions)
    assert told["transformed"]["attached_output"].startswith("s3://of-sdk-v2/transformed-")


def test_a_tuner_deploys_its_best_model_and_deletes_it(told: dict[str, Any]) -> None:
    ((predicted,),) = told["hosted"]["predicted"]
    assert 4 < float(predicted) < 6
    assert told["hosted"]["left"] == []
