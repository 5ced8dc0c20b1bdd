"""The command line as a script meets it: arguments in, exit code, stdout and stderr out; no AWS is up."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from chalicelib.state import JobItem, JobStatus
from cli import demo, image, show, target, views
from cli.checks import shell_files

ROOT = Path(__file__).resolve().parents[2]


class Cli:
    """`./retune` without its launcher, with a state folder of its own."""

    def __init__(self, state: Path):
        self.state = state

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept_out = ("AWS_", "RETUNE_", "NO_COLOR", "COLUMNS")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
        return subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env={**inherited, "RETUNE_STATE": str(self.state), "COLUMNS": "80", **more},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "state")


VERBS = [
    "demo",
    "up",
    "down",
    "env",
    "submit",
    "status",
    "best",
    "explain",
    "retry",
    "stop",
    "doctor",
    "clean",
    "test",
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_names_the_exit_codes(cli: Cli, verb: str) -> None:
    asked = cli(verb, "--help")
    assert asked.returncode == 0
    assert "0 done · 1 failed · 2 usage · 3 not finished · 4 not found" in asked.stdout
    assert max(len(line) for line in asked.stdout.splitlines()) <= 80


def test_own_data_without_a_target_are_a_usage_error_that_lists_the_columns(cli: Cli) -> None:
    asked = cli("demo", "--csv", "examples/iris.csv")
    assert asked.returncode == 2
    assert asked.stdout == ""
    said = " ".join(asked.stderr.replace("│", " ").split())
    assert "--csv needs --target COLUMN" in said
    assert "Sepal.Length, Sepal.Width, Petal.Length, Petal.Width, Species" in said


def test_a_target_that_is_no_column_is_a_usage_error_that_lists_the_columns(cli: Cli) -> None:
    asked = cli("demo", "--csv", "examples/iris.csv", "--target", "Sepal.Lenght")
    assert asked.returncode == 2
    assert "Petal.Width" in asked.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("demo", "--jobs", "0"),
        ("best",),
        ("demo", "--csv", "missing.csv"),
        ("best", "../iris"),
    ],
)
def test_misuse_exits_2_without_a_traceback(cli: Cli, words: tuple[str, ...]) -> None:
    asked = cli(*words)
    assert asked.returncode == 2
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize(
    "words", [("submit", "iris", "examples/iris.csv", "--target", "Species"), ("stop", "x")]
)
def test_a_verb_that_acts_never_falls_back_to_a_real_account(cli: Cli, words: tuple[str, ...]) -> None:
    asked = cli(
        *words, AWS_ACCESS_KEY_ID="real", AWS_SECRET_ACCESS_KEY="real", AWS_DEFAULT_REGION="eu-west-1"
    )
    assert asked.returncode == 2
    assert "./retune up" in asked.stderr and "--aws" in asked.stderr


def test_an_endpoint_that_does_not_answer_is_one_sentence(cli: Cli) -> None:
    asked = cli("status", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert asked.returncode == 1
    assert "Traceback" not in asked.stderr
    assert "http://127.0.0.1:9" in asked.stderr


def test_what_nobody_has_heard_of_is_not_found(cli: Cli) -> None:
    assert cli("best", "iris").returncode == 4
    assert cli("explain", "iris", "--json").returncode == 4
    assert cli("env").returncode == 4


def test_with_nothing_up_and_nothing_kept_there_is_nothing_to_end_or_remove(cli: Cli) -> None:
    assert cli("down").returncode == 0
    assert cli("clean").returncode == 0
    assert json.loads(cli("status", "--json").stdout) == []


def test_clean_asks_before_it_removes_and_a_script_must_say_yes(cli: Cli) -> None:
    (cli.state / "kept").mkdir(parents=True)
    assert cli("clean").returncode == 2
    assert (cli.state / "kept").exists()
    assert cli("clean", "--yes").returncode == 0
    assert not (cli.state / "kept").exists()


def test_what_was_kept_still_answers(cli: Cli) -> None:
    best = {"training_job": "t-1", "hyperparameters": {"degree": "2"}, "model_uri": "s3://b/m.tar.gz"}
    record = {
        "dataset": "iris",
        "tuning_job": "retune-iris-00000000-a1",
        "status": "Completed",
        "objective": {"name": "mse", "type": "Minimize", "value": 0.1},
        "best": best,
        "data": {"files": [{"path": "iris.csv"}]},
    }
    view = {
        "dataset": "iris",
        "state": "completed",
        "phase": "Ended",
        "tuning_job": "retune-iris-00000000-a1",
        "decided": {
            "kind": "Nothing",
            "reason": "These very data were tuned.",
            "since": 0.0,
            "wake_at": None,
        },
        "attempts": [],
        "champion": {"objective": 0.1},
        "best": record,
        "record": record,
        "files": [{"key": "datasets/iris/train/iris.csv"}],
        "ignored": [],
        "is_up_to_date": True,
        "kept_at": "2026-01-02T03:04:05+00:00",
    }
    (cli.state / "kept").mkdir(parents=True)
    (cli.state / "kept" / "iris.json").write_text(json.dumps(view))

    answered = cli("best", "iris", "--json")
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["best"] == best
    assert "2026-01-02T03:04:05" in answered.stderr
    assert "These very data were tuned." in cli("explain", "iris").stdout
    assert "was read by retune-iris-00000000-a1" in cli("explain", "iris", "train/iris.csv").stdout
    assert cli("explain", "iris", "train/other.csv").returncode == 4
    assert cli("status", "iris").returncode == 0


def test_no_colour_where_none_is_wanted(cli: Cli) -> None:
    plain = cli("--no-color", "best", "iris", FORCE_COLOR="1")
    assert "\x1b[3" not in plain.stderr


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
    assert target.resolve(local=False, aws=True, environment=named) == target.Target(None)
    assert target.resolve(local=False, aws=False, environment=named).endpoint_url == "http://127.0.0.1:4566"
    with pytest.raises(target.NoTarget):
        target.resolve(local=True, aws=True, environment={})


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
    assert json.loads(ecr.pushed["imageManifest"])["mediaType"] == image.MANIFEST_TYPE


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
def test_one_word_says_how_a_dataset_is(
    phase: str, kind: str | None, ended: JobStatus | None, state: str
) -> None:
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
