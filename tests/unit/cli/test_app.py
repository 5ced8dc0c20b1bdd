"""The command line as a script meets it: arguments in, exit code, stdout and stderr out; no AWS is up."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.app import app
from cli.paths import ROOT
from tests.support.cli_process import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "state")


def verbs(group: Any, *above: str) -> Iterator[str]:
    """Every verb and group of verbs, as it is typed."""
    for name, command in group.commands.items():
        yield " ".join([*above, name])
        if hasattr(command, "commands"):
            yield from verbs(command, *above, name)


VERBS = list(verbs(typer.main.get_command(app)))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_names_the_exit_codes(cli: Cli, verb: str) -> None:
    asked = cli(*verb.split(), "--help")
    assert asked.returncode == 0
    assert "0 done · 1 failed · 2 usage · 3 not finished · 4 not found" in asked.stdout
    assert max(len(line) for line in asked.stdout.splitlines()) <= 80
    for odd in ("<bool>", "<str>", "list[", "int range", "[[", "{"):
        assert odd not in asked.stdout


def test_the_verbs_and_those_of_image_are_all_found() -> None:
    assert {"demo", "lint", "completion", "image", "image list"} <= set(VERBS)


@pytest.mark.parametrize("verb", ["", "status", "image", "image pin"])
def test_a_short_h_prints_the_same_help(cli: Cli, verb: str) -> None:
    asked = cli(*verb.split(), "-h")
    assert asked.returncode == 0
    assert asked.stdout == cli(*verb.split(), "--help").stdout
    assert "Usage: retune" in asked.stdout


def test_the_version_is_the_projects(cli: Cli) -> None:
    asked = cli("--version")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, f"retune {version}\n", "")


def test_own_data_without_a_target_are_a_usage_error_that_lists_the_columns(cli: Cli) -> None:
    asked = cli("demo", "--csv", "examples/iris.csv")
    assert asked.returncode == 2
    assert asked.stdout == ""
    said = " ".join(asked.stderr.replace("│", " ").split())
    assert "--csv needs --target COLUMN" in said
    assert "Sepal.Length, Sepal.Width, Petal.Length, Petal.Width, Species" in said


@pytest.mark.parametrize("words", ["demo --csv examples/iris.csv", "up --quota nonsense=1", "up --chaos nonsense=1"])
def test_a_usage_error_waits_for_no_local_aws_to_be_loaded(cli: Cli, words: str) -> None:
    asked = cli(*words.split(), PYTHONPROFILEIMPORTTIME="1")

    assert asked.returncode == 2
    imported = {line.rpartition("|")[2].strip() for line in asked.stderr.splitlines()}
    assert "cli.app" in imported
    assert "moto" not in imported


def test_the_help_page_waits_for_no_aws_client(cli: Cli) -> None:
    asked = cli("--help", PYTHONPROFILEIMPORTTIME="1")

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in asked.stderr.splitlines()}
    assert "cli" in imported
    assert not imported & {"botocore", "boto3", "pydantic", "local_sagemaker"}


def test_a_target_that_is_no_column_is_a_usage_error_that_lists_the_columns(cli: Cli) -> None:
    asked = cli("demo", "--csv", "examples/iris.csv", "--target", "Sepal.Lenght")
    assert asked.returncode == 2
    assert "Petal.Width" in asked.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("completion", "tcsh"),
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


@pytest.mark.parametrize("words", [("submit", "iris", "examples/iris.csv", "--target", "Species"), ("stop", "x")])
def test_a_verb_that_acts_never_falls_back_to_a_real_account(cli: Cli, words: tuple[str, ...]) -> None:
    asked = cli(*words, AWS_ACCESS_KEY_ID="real", AWS_SECRET_ACCESS_KEY="real", AWS_DEFAULT_REGION="eu-west-1")
    assert asked.returncode == 2
    assert "./retune up" in asked.stderr and "--aws" in asked.stderr


def test_an_endpoint_that_does_not_answer_is_one_sentence(cli: Cli) -> None:
    asked = cli("status", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert asked.returncode == 2
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


def test_the_price_table_is_read_without_any_aws(cli: Cli) -> None:
    shown = cli("prices", "--region", "us-east-1", "--region", "eu-west-1")
    table = json.loads(cli("prices", "--json", "--region", "us-east-1").stdout)

    assert shown.returncode == 0
    price = table["us-east-1"]["usd_per_hour"]["ml.m5.large"]
    assert any(line.split()[:2] == ["ml.m5.large", f"{price:.4f}"] for line in shown.stdout.splitlines())
    assert list(table) == ["us-east-1"]
    assert max(len(line) for line in shown.stdout.splitlines()) <= 80


def test_prices_of_a_region_that_the_table_does_not_know_are_not_found(cli: Cli) -> None:
    asked = cli("prices", "--region", "mars-north-1")
    assert asked.returncode == 4
    assert "./retune prices --refresh --region mars-north-1 --aws" in asked.stderr


def test_prices_are_refreshed_from_the_real_aws_only_and_only_when_asked(cli: Cli) -> None:
    asked = cli("prices", "--refresh", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert asked.returncode == 2
    assert "--aws" in asked.stderr


def test_clean_asks_before_it_removes_and_a_script_must_say_yes(cli: Cli) -> None:
    (cli.state / "kept").mkdir(parents=True)
    assert cli("clean").returncode == 2
    assert (cli.state / "kept").exists()
    assert cli("clean", "--yes").returncode == 0
    assert not (cli.state / "kept").exists()


def a_kept_view(best: dict[str, Any]) -> dict[str, Any]:
    """A dataset's state as it is kept when a local AWS stops."""
    record = {
        "dataset": "iris",
        "tuning_job": "retune-iris-00000000-a1",
        "status": "Completed",
        "objective": {"name": "mse", "type": "Minimize", "value": 0.1},
        "best": best,
        "data": {"files": [{"path": "iris.csv"}]},
    }
    return {
        "dataset": "iris",
        "state": "completed",
        "phase": "Ended",
        "tuning_job": "retune-iris-00000000-a1",
        "decided": {
            "kind": "Nothing",
            "reason": "It already tuned this exact data; nothing to do.",
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


def test_what_was_kept_still_answers(cli: Cli) -> None:
    best = {"training_job": "t-1", "hyperparameters": {"degree": "2"}, "model_uri": "s3://b/m.tar.gz"}
    (cli.state / "kept").mkdir(parents=True)
    (cli.state / "kept" / "iris.json").write_text(json.dumps(a_kept_view(best)))

    answered = cli("best", "iris", "--json")
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["best"] == best
    assert "2026-01-02T03:04:05" in answered.stderr
    assert "It already tuned this exact data; nothing to do." in cli("explain", "iris").stdout
    assert "was read by retune-iris-00000000-a1" in cli("explain", "iris", "train/iris.csv").stdout
    assert cli("explain", "iris", "train/other.csv").returncode == 4
    assert cli("status", "iris").returncode == 0


def test_no_colour_where_none_is_wanted(cli: Cli) -> None:
    plain = cli("--no-color", "best", "iris", FORCE_COLOR="1")
    assert "\x1b[3" not in plain.stderr
