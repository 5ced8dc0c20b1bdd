"""The `sagemaker` SDK of the third generation, unchanged, against the local AWS: its tuner, resources and analytics."""

from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.clients import SDK_V3

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def told(alone: Alone) -> dict[str, Any]:
    """What the story saw."""
    return alone.tell(SDK_V3, "sdk_v3/tuner.py")


def test_a_model_trainer_trains(told: dict[str, Any], alone: Alone) -> None:
    trained = told["trained"]
    assert trained["status"] == "Completed"
    assert trained["hyperparameters"] == {"target": "Sepal.Length", "degree": "2"}
    bucket, _, key = trained["model_data"].removeprefix("s3://").partition("/")
    assert alone.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_a_tuner_tunes_and_its_resource_waits(told: dict[str, Any]) -> None:
    tuned = told["tuned"]
    assert tuned["status"] == "Completed"
    assert len(tuned["training_jobs"]) == 4
    assert tuned["listed"] == [tuned["name"]]


def test_tuner_resource_and_dataframe_agree_on_the_best(told: dict[str, Any]) -> None:
    tuned = told["tuned"]
    assert tuned["rows_of_tuner"] == len(tuned["rows"]) == 4
    least = min(tuned["rows"], key=lambda row: float(row["FinalObjectiveValue"]))
    assert tuned["best_training_job"] == tuned["best_of_resource"] == least["TrainingJobName"]


def test_a_warm_start_knows_its_parent_and_the_best_of_both(told: dict[str, Any]) -> None:
    warm, parent = told["warm"], told["tuned"]["name"]
    assert warm["status"] == "Completed"
    assert warm["parent"] == parent
    assert warm["overall_best"].startswith((f"{parent}-", parent.replace("v3-tune", "v3-warm")))


def test_the_best_model_answers_behind_an_endpoint_and_is_gone_afterwards(told: dict[str, Any], alone: Alone) -> None:
    assert 4.5 < float(told["hosted"]) < 5.5  # the flower is iris's first, whose sepal is 5.1 long
    sagemaker = alone.client("sagemaker")
    assert not [one for one in sagemaker.list_endpoints()["Endpoints"] if one["EndpointName"].startswith("v3-")]
    assert not [one for one in sagemaker.list_models()["Models"] if one["ModelName"].startswith("v3-")]


def test_a_job_that_is_told_to_stop_has_stopped(told: dict[str, Any]) -> None:
    assert told["stopped"] == "Stopped"
