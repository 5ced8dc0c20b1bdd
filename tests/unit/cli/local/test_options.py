"""What may be wished of `up`: images, quotas and chaos, and what is said where a wish cannot be meant."""

import re
from pathlib import Path

import pytest

from cli.console import ExitCode, Leave
from cli.local.options import Wishes, wishes
from cli.verbs.bare_chaos import with_value
from local_sagemaker import Chaos
from tests.support.cli_process import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a program `train`."""
    (tmp_path / "train").touch(mode=0o755)
    return tmp_path


def refusal(images: tuple[str, ...] = (), quotas: tuple[str, ...] = (), chaos: str | None = None) -> str:
    with pytest.raises(Leave) as left:
        wishes(images, quotas, chaos)
    assert left.value.code == ExitCode.USAGE
    return str(left.value)


def test_who_wishes_nothing_gets_the_usual() -> None:
    assert wishes([], [], None) == Wishes({}, {}, None)


def test_an_image_is_known_by_its_repository(folder: Path) -> None:
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/algo:1"

    assert wishes([f"{uri}={folder}", f"other={folder}"], [], None).images == {"algo": folder, "other": folder}


def test_an_image_that_names_no_folder_or_no_repository_is_a_usage_error(folder: Path) -> None:
    assert "must be NAME=FOLDER" in refusal((f"{folder}",))
    assert "must be NAME=FOLDER" in refusal((f"-x={folder}",))
    assert "must be NAME=FOLDER" in refusal((f"={folder}",))


def test_a_folder_without_a_program_is_a_usage_error_that_names_what_may_be_there(folder: Path) -> None:
    (folder / "train").chmod(0o644)

    assert f"{folder} must be a folder with an executable program" in refusal((f"algo={folder}",))
    assert "`entrypoint`, `train`, `serve`" in refusal((f"algo={folder}/nowhere",))


def test_quotas_are_whole_numbers_and_those_there_are_not_lead_to_the_list() -> None:
    assert wishes([], ["tuning_jobs=1", "parallel_training_jobs=0"], None).quotas == {
        "tuning_jobs": 1,
        "parallel_training_jobs": 0,
    }
    assert "tuning_jobs, parallel_training_jobs" in refusal(quotas=("jobs=1",))
    for value in ("", "x", "-1", "1.5", "²"):
        assert "must be NAME=NUMBER" in refusal(quotas=(f"tuning_jobs={value}",))


def test_chaos_may_be_bare_or_say_its_rates() -> None:
    assert wishes([], [], "").chaos == Chaos()
    assert wishes([], [], "drop=1").chaos == Chaos(0, 0, 1, 0)
    assert refusal(chaos="lose=1").startswith("--chaos lose=1: 'lose' is not a valid name: use duplicate=…")


def test_hosts_and_origins_that_may_call_are_given_as_browsers_send_them() -> None:
    wished = wishes([], [], None, ["AWS.test"], ["http://localhost:8888/"])

    assert (wished.allow_hosts, wished.allow_origins) == (("aws.test",), ("http://localhost:8888",))


@pytest.mark.parametrize(
    ("hosts", "origins", "message"),
    [
        (["http://aws.test"], [], "--allow-host: 'http://aws.test' is not a host name"),
        ([], ["localhost:8888"], "--allow-origin: 'localhost:8888' is not an origin"),
        ([], ["*"], "--allow-origin: '*' is not an origin"),
    ],
)
def test_a_host_or_an_origin_that_cannot_be_allowed_is_a_usage_error(
    hosts: list[str], origins: list[str], message: str
) -> None:
    with pytest.raises(Leave, match=re.escape(message)) as left:
        wishes([], [], None, hosts, origins)

    assert left.value.code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--chaos"], ["--chaos="]),
        (["--chaos", "--json"], ["--chaos=", "--json"]),
        (["--json", "--chaos", "drop=1", "--port", "1"], ["--json", "--chaos", "drop=1", "--port", "1"]),
        (["--chaos=drop=1"], ["--chaos=drop=1"]),
        ([], []),
    ],
)
def test_a_bare_chaos_is_one_that_an_option_or_nothing_follows(words: list[str], meant: list[str]) -> None:
    assert with_value(words) == meant


@pytest.mark.parametrize("words", [("--chaos", "lose=1"), ("--quota", "jobs=1"), ("--image", "x")])
def test_a_wish_that_cannot_be_meant_ends_up_before_anything_starts(tmp_path: Path, words: tuple[str, ...]) -> None:
    asked = Cli(tmp_path / "state")("up", *words)

    assert asked.returncode == 2
    assert asked.stdout == "" and asked.stderr.startswith(words[0])
    assert not (tmp_path / "state").exists()
