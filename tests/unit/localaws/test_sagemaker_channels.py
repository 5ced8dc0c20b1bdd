"""What lies in a training job's channels before its program starts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.localaws.account import Account
from tests.unit.localaws.sagemaker_world import World, a_world, channel

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


def test_a_manifest_is_refused_by_name(world: World) -> None:
    manifest = channel("train", f"s3://{world.bucket}/manifest.json", "ManifestFile")

    ended = world.trained(world.train(InputDataConfig=[manifest]))

    assert ended["FailureReason"] == "ClientError: this local AWS fills channels from S3Prefix, not ManifestFile."


def test_a_key_that_leads_out_of_its_channel_is_not_written(world: World) -> None:
    world.put(**{"in/../../../../../stray.csv": "1"})

    ended = world.trained(world.train(InputDataConfig=[channel("train", f"s3://{world.bucket}/in/")]))

    assert "leads out of its channel" in ended["FailureReason"]
    assert not list(world.home.parent.rglob("stray.csv"))
