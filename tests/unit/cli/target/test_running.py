"""The local AWSs that are up, as other processes see them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.console import ExitCode
from cli.paths import ROOT
from cli.target import running
from cli.target.running import Up

FIRST = Up(Path("/homes/first"), 11, {"endpoint_url": "http://127.0.0.1:4001", "bucket": "first"})
SECOND = Up(Path("/homes/second"), 22, {"endpoint_url": "http://127.0.0.1:4002", "bucket": "second"})
HOLD = """
import sys
from pathlib import Path
from cli.target import running
with running.holding(Path(sys.argv[1]), Path(sys.argv[2])) as announce:
    announce({"endpoint_url": "http://127.0.0.1:1"})
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(home: Path, registry: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that is up with this home until the block ends."""
    words = [sys.executable, "-c", HOLD, str(home), str(registry)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_what_is_up_is_seen_with_its_home_and_its_process(tmp_path: Path) -> None:
    with running.holding(tmp_path / "home", tmp_path / "up"):
        (up,) = running.every(tmp_path / "up")

    assert (up.home, up.pid, up.ready) == (tmp_path / "home", os.getpid(), None)


def test_what_was_announced_is_seen_from_then_on(tmp_path: Path) -> None:
    with running.holding(tmp_path / "home", tmp_path / "up") as announce:
        announce({"endpoint_url": "http://127.0.0.1:4001"})
        (up,) = running.every(tmp_path / "up")

    assert up.endpoint_url == "http://127.0.0.1:4001"


def test_two_homes_are_up_side_by_side(tmp_path: Path) -> None:
    first, second, registry = tmp_path / "a", tmp_path / "b", tmp_path / "up"

    with running.holding(first, registry), running.holding(second, registry):
        homes = [up.home for up in running.every(registry)]

    assert homes == [first, second]


def test_a_home_that_is_up_is_refused_by_its_process(tmp_path: Path) -> None:
    with another_process(tmp_path / "home", tmp_path / "up") as process:
        refused = pytest.raises(running.AlreadyUp, match=f"process {process.pid}")
        with refused as error, running.holding(tmp_path / "home", tmp_path / "up"):
            pass

    assert error.value.code is ExitCode.FAILED


def test_a_home_is_the_same_by_any_of_its_paths(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "home")

    with another_process(tmp_path / "home", tmp_path / "up"):  # noqa: SIM117
        with pytest.raises(running.AlreadyUp), running.holding(tmp_path / "link", tmp_path / "up"):
            pass


def test_nothing_is_up_once_it_has_ended(tmp_path: Path) -> None:
    with running.holding(tmp_path / "home", tmp_path / "up"):
        pass

    assert running.every(tmp_path / "up") == ()
    assert list((tmp_path / "up").iterdir()) == []


def test_a_killed_process_is_not_up(tmp_path: Path) -> None:
    with another_process(tmp_path / "home", tmp_path / "up") as process:
        process.kill()
        process.wait()

        assert running.every(tmp_path / "up") == ()


def test_the_next_up_removes_what_a_killed_process_left_behind(tmp_path: Path) -> None:
    with another_process(tmp_path / "killed", tmp_path / "up") as process:
        process.kill()
        process.wait()

    with running.holding(tmp_path / "home", tmp_path / "up"):
        left = list((tmp_path / "up").iterdir())

    assert len(left) == 1


def test_a_home_can_be_up_again_after_a_kill(tmp_path: Path) -> None:
    with another_process(tmp_path / "home", tmp_path / "up") as process:
        process.kill()
        process.wait()

    with running.holding(tmp_path / "home", tmp_path / "up"):
        (up,) = running.every(tmp_path / "up")

    assert (up.pid, up.ready) == (os.getpid(), None)


def test_the_only_one_is_chosen() -> None:
    assert running.choose([FIRST], None, None) == FIRST


def test_a_home_chooses_among_several() -> None:
    assert running.choose([FIRST, SECOND], Path("/homes/second"), None) == SECOND


def test_a_home_outranks_an_address() -> None:
    assert running.choose([FIRST, SECOND], Path("/homes/second"), FIRST.endpoint_url) == SECOND


@pytest.mark.parametrize("url", ["http://127.0.0.1:4002", "http://localhost:4002", "http://127.0.0.1:4002/"])
def test_an_address_chooses_among_several(url: str) -> None:
    assert running.choose([FIRST, SECOND], None, url) == SECOND


def test_no_other_home_is_chosen_for_one_that_is_not_up() -> None:
    assert running.choose([FIRST], Path("/homes/third"), None) is None


def test_several_are_refused_and_listed() -> None:
    with pytest.raises(running.SeveralUp) as refused:
        running.choose([FIRST, SECOND], None, None)

    assert refused.value.code is ExitCode.USAGE
    for word in ("/homes/first", "http://127.0.0.1:4001", "/homes/second", "http://127.0.0.1:4002"):
        assert word in str(refused.value)
