"""What Describe shows of a request beyond what was asked, as clients rely on it when they read a job back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.account import Account
from support.sagemaker_world import World, a_world

RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
OF_TUNING = {
    "plain": RESOURCES,
    "several": {"InstanceConfigs": [RESOURCES, {**RESOURCES, "InstanceType": "ml.m5.xlarge"}]},
}


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(account.s3, tmp_path) as world:
        yield world


def test_an_output_without_a_key_shows_an_empty_one(world: World) -> None:
    shown = world.trained(world.train())["OutputDataConfig"]
    assert shown["KmsKeyId"] == ""
    assert shown["CompressionType"] == "GZIP"


@pytest.mark.parametrize("kind", OF_TUNING)
def test_a_tuning_jobs_own_resources_are_shown_as_a_training_jobs_too(world: World, kind: str) -> None:
    request: dict[str, Any] = world.tuning_request(jobs=1)
    del request["TrainingJobDefinition"]["ResourceConfig"]
    request["TrainingJobDefinition"]["HyperParameterTuningResourceConfig"] = OF_TUNING[kind]

    world.call("CreateHyperParameterTuningJob", **request)

    tuning = world.tuned(request["HyperParameterTuningJobName"])
    assert tuning["TrainingJobDefinition"]["HyperParameterTuningResourceConfig"] == OF_TUNING[kind]
    assert tuning["TrainingJobDefinition"]["ResourceConfig"] == RESOURCES
    assert world.training(tuning["BestTrainingJob"]["TrainingJobName"])["ResourceConfig"] == RESOURCES
