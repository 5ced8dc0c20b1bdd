"""`./retune up` with an image, a quota and chaos of one's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import wait_for

PROGRAM = """#!/bin/sh
echo "mse=0.5"
echo done >"$ML_ROOT/model/m.txt"
"""


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """With the image `own`, at most one tuning job at a time, and plain chaos."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "train").write_text(PROGRAM)
    (folder / "train").chmod(0o755)
    wishes = ("--image", f"own={folder}", "--quota", "tuning_jobs=1", "--chaos")
    up = Cli(tmp_path_factory.mktemp("up")).up("--only-aws", *wishes)
    yield up
    up.end()


@pytest.fixture(scope="module")
def sagemaker(up: Up) -> Any:
    up.client("s3").create_bucket(Bucket="out")
    return up.client("sagemaker")


def definition(up: Up) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {
            "TrainingImage": f"{up.ready['image_uri'].partition('/')[0]}/own:latest",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "mse", "Regex": "mse=([0-9.]+)"}],
        },
        "RoleArn": up.ready["training_role_arn"],
        "OutputDataConfig": {"S3OutputPath": "s3://out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def test_a_folder_of_ones_own_trains_as_the_image_of_its_name(up: Up, sagemaker: Any) -> None:
    sagemaker.create_training_job(TrainingJobName="own-1", **definition(up))

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName="own-1")
        return None if found["TrainingJobStatus"] == "InProgress" else found

    found = wait_for(ended, "own-1 to end")
    assert found["TrainingJobStatus"] == "Completed", found.get("FailureReason")
    assert found["FinalMetricDataList"][0]["Value"] == 0.5


def test_the_quota_is_met(up: Up, sagemaker: Any) -> None:
    config = {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 200, "MaxParallelTrainingJobs": 1},
        "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
    }
    asked = {"HyperParameterTuningJobConfig": config, "TrainingJobDefinition": definition(up)}
    sagemaker.create_hyper_parameter_tuning_job(HyperParameterTuningJobName="first", **asked)

    with pytest.raises(ClientError) as refused:
        sagemaker.create_hyper_parameter_tuning_job(HyperParameterTuningJobName="second", **asked)

    assert refused.value.response["Error"]["Code"] == "ResourceLimitExceeded"
