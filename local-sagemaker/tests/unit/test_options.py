"""The values of the command line's options, and the messages about invalid ones."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import Chaos
from local_sagemaker.options import InvalidOption, Options, beside, bind, parse, port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a program `train`."""
    (tmp_path / "train").touch(mode=0o755)
    return tmp_path


def refusal(parse: Callable[..., Any], *values: Any, **named: Any) -> str:
    with pytest.raises(InvalidOption) as invalid:
        parse(*values, **named)
    return str(invalid.value)


def test_without_options_the_defaults_are_taken() -> None:
    assert parse() == Options({}, {}, None, (), ())


def test_an_image_is_known_by_its_repository(folder: Path) -> None:
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/algo:1"

    assert parse([f"{uri}={folder}", f"other={folder}"]).images == {"algo": folder, "other": folder}


@pytest.mark.parametrize("name", ["", "-x=", "="])
def test_an_image_without_a_folder_or_a_repository_is_refused(folder: Path, name: str) -> None:
    assert f"--image {name}{folder}: must be NAME=FOLDER" in refusal(parse, [f"{name}{folder}"])


@pytest.mark.parametrize("below", ["", "/nowhere"])
def test_a_folder_without_an_executable_program_is_refused_with_the_names_of_programs(folder: Path, below: str) -> None:
    (folder / "train").chmod(0o644)

    message = refusal(parse, [f"algo={folder}{below}"])

    assert f"{folder}{below} must be a folder with an executable program" in message
    assert "`entrypoint`, `train`, `serve`" in message


def test_quotas_are_whole_numbers() -> None:
    quotas = parse(quotas=["tuning_jobs=1", "parallel_training_jobs=0"]).quotas

    assert quotas == {"tuning_jobs": 1, "parallel_training_jobs": 0}


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "²"])
def test_any_other_quota_is_refused(value: str) -> None:
    assert f"--quota tuning_jobs={value}: must be NAME=NUMBER" in refusal(parse, quotas=[f"tuning_jobs={value}"])


def test_an_unknown_quota_is_refused_with_the_list_of_quotas() -> None:
    assert "tuning_jobs, parallel_training_jobs" in refusal(parse, quotas=["jobs=1"])


@pytest.mark.parametrize(("text", "chaos"), [(None, None), ("", Chaos()), ("drop=1", Chaos(0, 0, 1, 0))])
def test_chaos_has_default_rates_or_its_own(text: str | None, chaos: Chaos | None) -> None:
    assert parse(chaos=text).chaos == chaos


def test_an_unknown_rate_is_refused_with_the_list_of_rates() -> None:
    assert refusal(parse, chaos="lose=1").startswith("--chaos lose=1: 'lose' is not a valid name: use duplicate=…")


def test_hosts_and_origins_are_parsed_as_browsers_send_them() -> None:
    parsed = parse(allow_hosts=["AWS.test"], allow_origins=["http://localhost:8888/"])

    assert (parsed.allow_hosts, parsed.allow_origins) == (("aws.test",), ("http://localhost:8888",))


@pytest.mark.parametrize(
    ("hosts", "origins", "message"),
    [
        (["http://aws.test"], [], "--allow-host: 'http://aws.test' is not a host name"),
        ([], ["localhost:8888"], "--allow-origin: 'localhost:8888' is not an origin"),
        ([], ["*"], "--allow-origin: '*' is not an origin"),
    ],
)
def test_a_host_or_an_origin_that_cannot_be_allowed_is_refused(
    hosts: list[str], origins: list[str], message: str
) -> None:
    with pytest.raises(InvalidOption, match=re.escape(message)):
        parse(allow_hosts=hosts, allow_origins=origins)


@pytest.mark.parametrize("word", ["0", "4566", "65535"])
def test_a_port_is_a_number_of_16_bits(word: str) -> None:
    assert port(word) == int(word)


@pytest.mark.parametrize("word", ["65536", "-1", "http", "", "²"])
def test_any_other_port_is_refused(word: str) -> None:
    assert refusal(port, word) == f"--port {word}: must be from 0 to 65535; 0 means any free port."


@pytest.mark.parametrize("word", ["127.0.0.1", "0.0.0.0", "::1"])
def test_an_address_to_bind_to_is_an_ip_address(word: str) -> None:
    assert bind(word) == word


@pytest.mark.parametrize("word", ["localhost", "127.0.0.1:80", "", "1"])
def test_any_other_address_is_refused(word: str) -> None:
    assert refusal(bind, word).startswith(f"--bind {word}: must be an IP address, such as 127.0.0.1")


def test_a_url_to_stand_beside_has_no_slash_at_its_end() -> None:
    assert beside("http://127.0.0.1:4566/") == "http://127.0.0.1:4566"


@pytest.mark.parametrize("word", ["127.0.0.1:4566", "", "http://host/path"])
def test_any_other_url_to_stand_beside_is_refused(word: str) -> None:
    assert refusal(beside, word).startswith(f"--beside: {word!r} is not an emulator's URL: use one such as")
