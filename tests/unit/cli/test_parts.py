"""The command line's pure parts: names, targets, images, words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from chalicelib.state import JobItem, JobStatus
from cli.data import show, views
from cli.local import demo, image
from cli.machine.checks import shell_files
from cli.target import target
from cli.target.choice import TargetChoice


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("iris.csv", "iris"),
        ("Sales 2026 (final).CSV", "Sales-2026-final"),
        ("a.b.csv.gz", "a.b"),
        ("Übung.csv", "bung"),
        ("___.csv", "data"),
        ("x" * 80 + ".csv", "x" * 63),
    ],
)
def test_a_file_name_becomes_a_legal_dataset_name(name: str, dataset: str) -> None:
    assert demo.dataset_name(Path(name)) == dataset


def test_the_demo_asks_for_no_more_at_a_time_than_there_are() -> None:
    plan = demo.plan(None, None, jobs=2, parallel=3, seed=1, out=None)
    assert plan.spec == {"target": "Sepal.Length", "max_jobs": 2, "max_parallel_jobs": 2, "seed": 1}
    assert plan.out == Path("retune-out/iris")


def test_a_file_without_a_csv_ending_is_uploaded_under_one(tmp_path: Path) -> None:
    data = tmp_path / "table.txt"
    data.write_text("a,b\n1,2\n")
    plan = demo.plan(data, "a", 9, 3, 1, None)
    assert plan.key == "datasets/table.txt/train/table.txt.csv"
    with pytest.raises(typer.BadParameter, match="a, b"):
        demo.plan(data, "c", 9, 3, 1, None)


def test_the_target_is_what_was_asked_for_first() -> None:
    named = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    assert target.resolve(TargetChoice(aws=True), environment=named) == target.Target(None)
    chosen = target.resolve(TargetChoice(), environment=named, every=lambda: (), listens=lambda _: True)
    assert chosen.endpoint_url == "http://127.0.0.1:4566"
    with pytest.raises(target.NoTarget):
        target.resolve(TargetChoice(local=True, aws=True), environment={})


def test_a_region_is_the_real_accounts() -> None:
    assert target.resolve(TargetChoice(aws=True, region="eu-west-1"), environment={}) == target.Target(
        None, "eu-west-1"
    )
    with pytest.raises(target.NoTarget, match="--region requires --aws"):
        target.resolve(TargetChoice(local=True, region="eu-west-1"), environment={})


@pytest.mark.parametrize(
    ("choice", "option"),
    [(TargetChoice(), ""), (TargetChoice(local=True), " --local"), (TargetChoice(aws=True), " --aws")],
)
def test_the_next_command_makes_the_same_choice(choice: TargetChoice, option: str) -> None:
    assert choice.option == option
    assert choice.is_explicit == bool(option)


def test_a_local_endpoint_never_sees_real_credentials() -> None:
    client = target.Target("http://127.0.0.1:1", "us-east-1").client("s3")
    assert client._request_signer._credentials.access_key == "test"


def test_the_image_changes_exactly_when_a_file_does(tmp_path: Path) -> None:
    (tmp_path / "R").mkdir()
    (tmp_path / "R" / "fit.R").write_text("fit <- 1\n")
    first = image.folder_digest(tmp_path)
    assert image.folder_digest(tmp_path) == first
    (tmp_path / "R" / "fit.R").write_text("fit <- 2\n")
    second = image.folder_digest(tmp_path)
    (tmp_path / "R" / "fit.R").rename(tmp_path / "R" / "fits.R")
    assert len({first, second, image.folder_digest(tmp_path)}) == 3


def test_the_image_is_pushed_as_a_docker_manifest_under_a_tag_that_sorts_by_time(tmp_path: Path) -> None:
    class Ecr:
        def put_image(self, **pushed: str) -> dict[str, object]:
            self.pushed = pushed
            return {"image": {"imageId": {"imageDigest": "sha256:1"}}}

        def describe_repositories(self, repositoryNames: list[str]) -> dict[str, object]:  # noqa: N803
            return {"repositories": [{"repositoryUri": f"host/{repositoryNames[0]}"}]}

    ecr = Ecr()
    uri = image.publish(ecr, "mars", tmp_path, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert uri == "host/mars@sha256:1"
    assert ecr.pushed["imageTag"].startswith("20260102T030405Z-")
    assert (
        json.loads(ecr.pushed["imageManifest"])["mediaType"] == "application/vnd.docker.distribution.manifest.v2+json"
    )


@pytest.mark.parametrize(
    ("phase", "kind", "ended", "state"),
    [
        ("Started", "Wait", None, "running"),
        ("Idle", "Wait", None, "waiting"),
        ("Idle", None, None, "waiting"),
        ("Idle", "Refuse", None, "refused"),
        ("Idle", "Nothing", None, "idle"),
        ("Ended", "Nothing", JobStatus.COMPLETED, "completed"),
        ("Ended", "Nothing", JobStatus.STOPPED, "failed"),
    ],
)
def test_one_word_says_how_a_dataset_is(phase: str, kind: str | None, ended: JobStatus | None, state: str) -> None:
    jobs = [JobItem("d", "f", 1, "t", ended, 0.0)] if ended else []
    assert views.state_of(phase, {"kind": kind} if kind else None, jobs) == state


def test_a_file_is_named_by_its_key_or_by_its_last_parts() -> None:
    key = "datasets/iris/train/2026/may.csv"
    assert show.is_about(key, key)
    assert show.is_about(key, "train/2026/may.csv")
    assert show.is_about(key, "may.csv")
    assert not show.is_about(key, "y.csv")


def test_every_shell_file_of_ours_is_checked() -> None:
    assert "retune" in shell_files()
