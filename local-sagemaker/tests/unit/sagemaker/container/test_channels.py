"""What lies in a training job's channels before its program starts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.account import Account
from support.sagemaker_world import World, a_world, channel

LISTS_ITS_FILES = """
for folder, _, files in sorted(os.walk(ml + "/input/data")):
    for file in sorted(files):
        path = os.path.join(folder, file)
        say(os.path.relpath(path, ml + "/input/data") + "=" + open(path).read())
"""


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(account.s3, tmp_path) as world:
        yield world


def test_paths_in_a_channel_are_relative_to_the_prefix_up_to_its_last_slash(world: World) -> None:
    world.put(**{"in/train/a.csv": "1", "in/train/sub/b.csv": "2", "in/other.csv": "3", "in/tra.csv": "4"})
    channels = [
        channel("folder", f"s3://{world.bucket}/in/train/"),
        channel("beginning", f"s3://{world.bucket}/in/tra"),
    ]

    name = world.train(LISTS_ITS_FILES, InputDataConfig=channels)

    world.trained(name)
    assert world.log(name).splitlines() == [
        "beginning/tra.csv=4",
        "beginning/train/a.csv=1",
        "beginning/train/sub/b.csv=2",
        "folder/a.csv=1",
        "folder/sub/b.csv=2",
    ]


def test_a_single_object_keeps_its_own_name(world: World) -> None:
    world.put(**{"in/data.csv": "1"})

    name = world.train(LISTS_ITS_FILES, InputDataConfig=[channel("train", f"s3://{world.bucket}/in/data.csv")])

    world.trained(name)
    assert world.log(name).splitlines() == ["train/data.csv=1"]


@pytest.mark.parametrize("bucket", ["", "-that-is-not-there"])
def test_a_channel_without_objects_fails_the_job_and_names_the_place(world: World, bucket: str) -> None:
    uri = f"s3://{world.bucket}{bucket}/nothing/"

    ended = world.trained(world.train(InputDataConfig=[channel("train", uri)]))

    assert ended["TrainingJobStatus"] == ended["SecondaryStatus"] == "Failed"
    assert ended["FailureReason"].startswith(f'ClientError: No S3 objects found under S3 URL "{uri}"')


def test_a_folder_may_be_named_without_its_slash(world: World) -> None:
    world.put(**{"in/train/a.csv": "1", "in/train/sub/b.csv": "2", "in/train": "3", "in/train-more/c.csv": "4"})

    name = world.train(LISTS_ITS_FILES, InputDataConfig=[channel("x", f"s3://{world.bucket}/in/train")])

    world.trained(name)
    assert world.log(name).splitlines() == ["x/a.csv=1", "x/train=3", "x/sub/b.csv=2", "x/train-more/c.csv=4"]


@pytest.mark.parametrize("mode", ["File", "FastFile"])
def test_sharded_and_shuffled_one_instance_gets_everything(world: World, mode: str) -> None:
    world.put(**{"in/a": "1", "in/b": "2"})
    asked = channel("x", f"s3://{world.bucket}/in/", InputMode=mode, ShuffleConfig={"Seed": 1}, CompressionType="None")
    asked["DataSource"]["S3DataSource"]["S3DataDistributionType"] = "ShardedByS3Key"

    name = world.train(LISTS_ITS_FILES, InputDataConfig=[asked])

    world.trained(name)
    assert world.log(name).splitlines() == ["x/a=1", "x/b=2"]
    config = json.loads((world.home / name / "opt/ml/input/config/inputdataconfig.json").read_text())
    assert config["x"]["S3DistributionType"] == "ShardedByS3Key" and config["x"]["TrainingInputMode"] == "File"


def test_a_manifest_names_the_objects_of_a_channel_below_its_prefix(world: World) -> None:
    listed = [{"prefix": f"s3://{world.bucket}/in/"}, "train/a.csv", "b.csv"]
    world.put(
        **{"in/train/a.csv": "1", "in/b.csv": "2", "in/c.csv": "3", "lists/m.json": json.dumps(listed)},
    )

    manifest = channel("x", f"s3://{world.bucket}/lists/m.json", "ManifestFile")
    name = world.train(LISTS_ITS_FILES, InputDataConfig=[manifest])

    world.trained(name)
    assert world.log(name).splitlines() == ["x/b.csv=2", "x/train/a.csv=1"]


@pytest.mark.parametrize(
    "body", ["no JSON", "[]", '["a.csv"]', '[{"prefix": "in/"}, "a"]', '[{"prefix": "s3://b/"}, 1]']
)
def test_a_manifest_that_is_none_fails_the_job_and_shows_its_form(world: World, body: str) -> None:
    world.put(manifest=body)
    uri = f"s3://{world.bucket}/manifest"

    ended = world.trained(world.train(InputDataConfig=[channel("train", uri, "ManifestFile")]))

    form = '[{"prefix": "s3://bucket/folder/"}, "path", …]'
    assert (
        ended["FailureReason"]
        == f"ClientError: Data download failed: {uri} is not a valid manifest: it must be {form}."
    )


def test_an_object_that_a_manifest_names_and_that_is_not_there_fails_the_job(world: World) -> None:
    world.put(manifest=json.dumps([{"prefix": f"s3://{world.bucket}/in/"}, "gone.csv"]))

    manifest = channel("train", f"s3://{world.bucket}/manifest", "ManifestFile")
    ended = world.trained(world.train(InputDataConfig=[manifest]))

    assert ended["FailureReason"].startswith("ClientError: Data download failed: ")
    assert "NoSuchKey" in ended["FailureReason"]


def test_a_name_that_is_a_file_and_a_folder_fails_the_job(world: World) -> None:
    world.put(**{"in/a": "1", "in/a/b": "2"})

    ended = world.trained(world.train(InputDataConfig=[channel("x", f"s3://{world.bucket}/in/")]))

    words = "Please ensure that there is no object that is both a folder as well as a file: in/a/b."
    assert ended["FailureReason"] == f"ClientError: Data download failed: {words}"


def test_a_key_that_no_file_can_be_called_fails_the_job(world: World) -> None:
    world.put(**{"in/" + "é" * 200: "1"})  # 400 bytes: a file's name has at most 255

    ended = world.trained(world.train(InputDataConfig=[channel("x", f"s3://{world.bucket}/in/")]))

    assert ended["FailureReason"].startswith("ClientError: Data download failed: [Errno 36]")


def test_a_key_that_leads_out_of_its_channel_is_not_written(world: World) -> None:
    world.put(**{"in/../../../../../stray.csv": "1"})

    ended = world.trained(world.train(InputDataConfig=[channel("train", f"s3://{world.bucket}/in/")]))

    assert "points outside of its channel" in ended["FailureReason"]
    assert not list(world.home.parent.rglob("stray.csv"))
