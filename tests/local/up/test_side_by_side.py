"""Two local AWSs that are up at the same time, from one clone."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_sagemaker.http_server import listen
from tests.support.local.command_line import IRIS, Cli, Up


@dataclass(frozen=True)
class Pair:
    """Two with homes and ports of their own; the second one was started while the first one started."""

    cli: Cli
    first: Up
    second: Up
    homes: tuple[Path, Path]

    def at(self, up: Up, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a verb with AWS_ENDPOINT_URL set to that one's address."""
        environment = {**self.cli.environment(), "AWS_ENDPOINT_URL": up.ready["endpoint_url"]}
        return subprocess.run(self.cli.command(*words), env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    cli, homes = Cli(folder / "state"), (folder / "first", folder / "second")
    with listen(0) as one, listen(0) as other:
        ports = [listener.getsockname()[1] for listener in (one, other)]
    processes = [
        cli.start("up", "--json", "--settle", 1, "--home", home, "--port", port)
        for home, port in zip(homes, ports, strict=True)
    ]
    first, second = map(cli.until_ready, processes)
    yield Pair(cli, first, second, homes)
    first.end()
    second.end()


def test_each_has_its_own_objects(pair: Pair) -> None:
    pair.first.client("s3").create_bucket(Bucket="only-here")

    names = [bucket["Name"] for bucket in pair.second.client("s3").list_buckets()["Buckets"]]

    assert "only-here" not in names


@pytest.mark.parametrize("words", [("status",), ("env",), ("down",), ("best", "iris"), ("status", "--json")])
def test_a_verb_that_names_none_refuses_and_lists_both(pair: Pair, words: tuple[str, ...]) -> None:
    refused = pair.cli(*words)

    assert (refused.returncode, refused.stdout) == (2, "")
    shown = refused.stderr.replace("\n", "")
    for up, home in zip((pair.first, pair.second), pair.homes, strict=True):
        assert str(home) in shown and up.ready["endpoint_url"] in shown


def test_a_home_chooses_one(pair: Pair) -> None:
    exported = pair.cli("env", "--home", pair.homes[1])

    assert f"AWS_ENDPOINT_URL={pair.second.ready['endpoint_url']}" in exported.stdout


def test_the_environment_chooses_one(pair: Pair) -> None:
    submitted = pair.at(pair.second, "submit", "there", IRIS, "--target", "Sepal.Length")

    assert submitted.returncode == 0, submitted.stderr
    listed = pair.second.client("s3").list_objects_v2(Bucket=pair.second.ready["bucket"], Prefix="datasets/there/")
    assert listed["KeyCount"] > 0


def test_a_home_that_is_up_is_not_removed(pair: Pair) -> None:
    refused = pair.cli("clean", "--home", pair.homes[0], "--yes")

    assert refused.returncode == 1
    assert (pair.homes[0] / "state.sqlite").exists()


def test_down_ends_the_one_that_was_named_and_no_other(pair: Pair) -> None:
    ended = pair.cli("down", "--home", pair.homes[0])

    assert ended.returncode == 0, ended.stderr
    assert pair.first.process.wait(60) == 0
    assert pair.second.process.poll() is None
    assert pair.cli("status").returncode == 0  # the other one is the only one now
