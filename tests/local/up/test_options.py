"""`./retune up` with an image, a quota and chaos of one's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import wait_for
from tests.support.local.training_requests import definition, random_search

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


def definition_of(up: Up) -> dict[str, Any]:
    image = f"{up.ready['image_uri'].partition('/')[0]}/own:latest"
    return definition(image, up.ready["training_role_arn"], "s3://out/")


def test_a_folder_of_ones_own_trains_as_the_image_of_its_name(up: Up, sagemaker: Any) -> None:
    sagemaker.create_training_job(TrainingJobName="own-1", **definition_of(up))

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName="own-1")
        return None if found["TrainingJobStatus"] == "InProgress" else found

    found = wait_for(ended, "own-1 to end")
    assert found["TrainingJobStatus"] == "Completed", found.get("FailureReason")
    assert found["FinalMetricDataList"][0]["Value"] == 0.5


def test_the_quota_is_met(up: Up, sagemaker: Any) -> None:
    asked = {
        "HyperParameterTuningJobConfig": random_search(jobs=200, parallel=1),
        "TrainingJobDefinition": definition_of(up),
    }
    sagemaker.create_hyper_parameter_tuning_job(HyperParameterTuningJobName="first", **asked)

    with pytest.raises(ClientError) as refused:
        sagemaker.create_hyper_parameter_tuning_job(HyperParameterTuningJobName="second", **asked)

    assert refused.value.response["Error"]["Code"] == "ResourceLimitExceeded"
