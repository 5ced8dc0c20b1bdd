"""Checkpoints come from S3 before a training job, and go there while it runs.

docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_sagemaker.sagemaker.container import uploads
from support.account import Account, eventually
from support.sagemaker_world import World, a_world

COUNTS = """
path = ml + "/checkpoints/deep/count"
count = int(open(path).read()) if os.path.exists(path) else 0
os.makedirs(os.path.dirname(path), exist_ok=True)
open(path, "w").write(str(count + 1))
"""


@pytest.fixture
def world(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(uploads, "EVERY_S", 0.1)
    with a_world(account.s3, tmp_path) as world:
        yield world


def read(world: World, key: str) -> str:
    found = world.s3.list_objects_v2(Bucket=world.bucket, Prefix=key).get("Contents", [])
    return world.s3.get_object(Bucket=world.bucket, Key=key)["Body"].read().decode() if found else ""


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_job_goes_on_from_what_another_left(world: World, slash: str) -> None:
    config = {"S3Uri": f"s3://{world.bucket}/saved{slash}"}
    for _ in range(3):
        ended = world.trained(world.train(COUNTS, CheckpointConfig=config))
        assert ended["TrainingJobStatus"] == "Completed"

    assert read(world, "saved/deep/count") == "3"


def test_they_are_saved_while_the_program_runs(world: World) -> None:
    config = {"S3Uri": f"s3://{world.bucket}/running", "LocalPath": "/opt/ml/kept"}

    name = world.train("open(ml + '/kept/a', 'w').write('1'); say('awake'); time.sleep(60)", CheckpointConfig=config)

    assert eventually(lambda: read(world, "running/a")) == "1"
    assert world.training(name)["SecondaryStatus"] == "Training"


def test_what_was_there_already_is_not_uploaded_again(world: World) -> None:
    world.put(**{"old/a": "1"})
    before = world.s3.head_object(Bucket=world.bucket, Key="old/a")["LastModified"]

    world.trained(world.train("time.sleep(1.1)", CheckpointConfig={"S3Uri": f"s3://{world.bucket}/old"}))

    assert world.s3.head_object(Bucket=world.bucket, Key="old/a")["LastModified"] == before


@pytest.mark.parametrize("path", ["/opt/ml", "/opt/ml/../../etc", "checkpoints"])
def test_a_place_that_is_not_for_checkpoints_fails_the_job(world: World, path: str) -> None:
    config = {"S3Uri": f"s3://{world.bucket}/x", "LocalPath": path}

    ended = world.trained(world.train(CheckpointConfig=config))

    assert ended["FailureReason"] == f"ClientError: CheckpointConfig.LocalPath cannot be {path}."


def test_a_place_outside_of_the_jobs_folder_is_only_for_containers(world: World) -> None:
    config = {"S3Uri": f"s3://{world.bucket}/x", "LocalPath": "/checkpoints"}

    ended = world.trained(world.train(CheckpointConfig=config))

    assert "/checkpoints must be below /opt/ml for a program without a container engine" in ended["FailureReason"]


def test_a_bucket_that_is_not_there_fails_the_job_once_there_is_something_to_save(world: World) -> None:
    ended = world.trained(world.train(COUNTS, CheckpointConfig={"S3Uri": "s3://no-such-bucket-here/x"}))

    assert ended["FailureReason"].startswith("ClientError: Checkpoint upload failed: ")
