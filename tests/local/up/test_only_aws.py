"""`./retune up --only-aws`: the local AWS for clients that bring everything themselves."""

import ctypes
import json
import shlex
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import wait_for


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """What `./retune up --only-aws --json` says, and its process."""
    up = Cli(tmp_path_factory.mktemp("alone")).up("--only-aws")
    yield up
    up.end()


def test_its_one_line_names_what_a_client_needs_and_nothing_of_the_app(alone: Up) -> None:
    assert set(alone.ready) == {"endpoint_url", "region", "account", "training_role_arn", "image_uri"}
    assert alone.ready["account"] == "123456789012"


def test_nothing_is_deployed_in_it(alone: Up) -> None:
    assert alone.client("s3").list_buckets()["Buckets"] == []
    assert alone.client("lambda").list_functions()["Functions"] == []
    assert alone.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_the_role_and_the_image_are_there(alone: Up) -> None:
    role = alone.ready["training_role_arn"].rpartition("/")[2]
    assert alone.client("iam").get_role(RoleName=role)["Role"]["Arn"] == alone.ready["training_role_arn"]
    uri, _, tag = alone.ready["image_uri"].rpartition(":")
    found = alone.client("ecr").describe_images(repositoryName=uri.partition("/")[2])["imageDetails"]
    assert [image["imageTags"] for image in found] == [[tag]]


def test_env_exports_what_is_there_and_takes_back_a_bucket_of_another_one(alone: Up) -> None:
    said = alone.cli("env").stdout.splitlines()
    exports = dict(shlex.split(line)[1].split("=", 1) for line in said if line.startswith("export "))
    assert exports["AWS_ENDPOINT_URL"] == alone.ready["endpoint_url"]
    assert exports["RETUNE_IMAGE_URI"] == alone.ready["image_uri"]
    assert exports["RETUNE_ROLE_ARN"] == alone.ready["training_role_arn"]
    assert "RETUNE_BUCKET" not in exports
    assert "unset AWS_PROFILE AWS_SESSION_TOKEN RETUNE_BUCKET" in said


@pytest.mark.parametrize(
    "words",
    [
        ("submit", "iris", "examples/iris.csv", "--target", "Sepal.Length"),
        ("retry", "iris"),
        ("stop", "iris"),
        ("status", "--local"),
        ("status", "iris"),
        ("best", "iris"),
        ("explain", "iris"),
    ],
    ids=" ".join,
)
def test_a_verb_of_the_app_says_that_the_app_is_not_there(alone: Up, words: tuple[str, ...]) -> None:
    asked = alone.cli(*words)
    said = " ".join(asked.stderr.split())
    assert asked.returncode in (1, 4)
    assert asked.stdout == ""
    assert f"The local AWS at {alone.ready['endpoint_url']} runs without Retune" in said
    assert "`./retune up` without --only-aws" in said


def test_the_doctor_finds_it_in_good_health(alone: Up) -> None:
    looked = alone.cli("doctor", "--json")
    findings = {found["name"]: found for found in json.loads(looked.stdout)}
    assert looked.returncode == 0, looked.stdout
    assert findings["target"]["ok"] is True
    assert findings["stack"]["ok"] is None
    assert "--only-aws" in findings["stack"]["what"]


def test_the_next_one_goes_on_with_what_the_last_one_had(alone: Up) -> None:
    alone.client("s3").create_bucket(Bucket="kept")
    ended = alone.cli("down")
    assert ended.returncode == 0, ended.stderr
    assert alone.process.wait(120) == 0
    assert alone.cli.processes() == []
    assert "Traceback" not in alone.said()

    again = alone.cli.up("--only-aws")
    try:
        assert [one["Name"] for one in again.client("s3").list_buckets()["Buckets"]] == ["kept"]
        assert again.ready["image_uri"] == alone.ready["image_uri"]
        assert again.ready["training_role_arn"] == alone.ready["training_role_arn"]
    finally:
        again.end()


def test_a_signal_that_one_of_its_threads_is_given_ends_it_too(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    up = cli.up("--only-aws")
    process = up.process
    wait_for(lambda: "Up until Ctrl-C" in up.said() or None, "it to be up")
    time.sleep(0.5)  # by then it does nothing but wait
    others = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir() if int(task.name) != process.pid]

    assert ctypes.CDLL(None).tgkill(process.pid, max(others), signal.SIGTERM) == 0

    try:
        assert process.wait(120) == 0
    finally:
        process.kill()
