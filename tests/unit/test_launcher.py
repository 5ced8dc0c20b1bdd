"""The launcher, with stand-ins on PATH for what it would install, each of which notes how it is called."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.launcher_machine import ROOT, Machine, bare_machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare_machine(tmp_path)


def test_the_first_start_makes_the_environment_and_the_second_goes_straight_on(machine: Machine) -> None:
    first = machine.run("status", "iris")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"cli at {machine.clone}: status iris\n"
    assert "making its own Python environment" in first.stderr

    second = machine.run("status", "iris")
    assert second.stdout == first.stdout
    assert second.stderr == ""
    assert len(machine.called("-m venv")) == 1


def test_later_starts_start_python_once_and_nothing_else_that_takes_time(machine: Machine) -> None:
    machine.run("status")
    before = machine.called("")

    machine.run("status")

    assert machine.called("")[len(before) :] == ["python -P -m cli status"]


def test_it_is_found_through_symlinks_and_keeps_the_working_directory(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "one").symlink_to("../a clone/retune")
    (tmp_path / "two").symlink_to("elsewhere/one")
    ended = subprocess.run(
        ["../two", "status"],
        cwd=tmp_path / "elsewhere",
        env=machine.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == f"cli at {tmp_path / 'elsewhere'}: status\n"


def test_changed_requirements_make_the_environment_anew(machine: Machine) -> None:
    machine.run("status")
    with (machine.clone / "requirements.txt").open("a") as file:
        file.write("# another line\n")
    machine.run("status")
    assert len(machine.called("-m venv")) == 2


def test_a_moved_clone_makes_its_environment_anew(machine: Machine, tmp_path: Path) -> None:
    machine.run("status")
    moved = Machine(tmp_path / "moved", machine.bin, machine.calls)
    machine.clone.rename(moved.clone)
    assert moved.run("status").stdout == f"cli at {moved.clone}: status\n"
    assert len(machine.called("-m venv")) == 2


def test_a_failed_installation_shows_the_log_and_the_next_start_tries_again(machine: Machine) -> None:
    failed = machine.run("status", PIP_FAILS="1")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "pip could not install the Python packages" in failed.stderr
    assert "| Collecting rich==15.0.0" in failed.stderr
    assert machine.run("status").returncode == 0


def test_an_interrupted_installation_is_begun_again(machine: Machine) -> None:
    begun = subprocess.Popen(
        [str(machine.clone / "retune"), "status"],
        env=machine.environment(PIP_TAKES="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not machine.called("-m pip"):
        time.sleep(0.01)
    begun.kill()
    begun.wait()
    assert machine.run("status").stdout == f"cli at {machine.clone}: status\n"
    assert len(machine.called("-m venv")) == 2


def test_two_first_starts_at_once_install_once(machine: Machine) -> None:
    started = [
        subprocess.Popen(
            [str(machine.clone / "retune"), "status"],
            env=machine.environment(PIP_TAKES="0.5"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0] != b"" for process in started] == [True, True]
    assert len(machine.called("-m venv")) == 1


def test_who_is_not_root_is_told_the_one_line_and_nothing_is_installed(machine: Machine) -> None:
    ended = machine.run("demo")
    assert ended.returncode == 1
    line = "sudo apt-get install -y --no-install-recommends r-base-core r-cran-mda r-cran-data.table r-cran-plumber"
    assert line in [said.strip() for said in ended.stderr.splitlines()]
    assert machine.called("apt-get") == []


def test_root_gets_what_is_missing_installed(machine: Machine) -> None:
    machine.put("id", "#!/bin/sh\necho 0\n")
    machine.put("spare/Rscript", "#!/bin/sh\nexit 0\n")
    ended = machine.run("demo")
    assert ended.stdout == f"cli at {machine.clone}: demo\n", ended.stderr
    assert machine.called("apt-get") == [
        "apt-get update",
        "apt-get install -y --no-install-recommends r-base-core r-cran-mda r-cran-data.table r-cran-plumber",
    ]


@pytest.mark.parametrize("words", [("--help",), ("demo", "--help"), ("best", "iris"), ()])
def test_what_needs_no_r_does_not_ask_for_it(machine: Machine, words: tuple[str, ...]) -> None:
    assert machine.run(*words).returncode == 0


def test_a_machine_without_a_good_python_is_told_which_packages_give_one(machine: Machine) -> None:
    ended = machine.run("status", PYTHON_IS_BAD="1")
    assert ended.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends python3 python3-venv" in ended.stderr


def test_the_real_launcher_answers_through_the_real_cli() -> None:
    ended = subprocess.run(
        [str(ROOT / "retune"), "--help"], cwd="/", env=os.environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "Exit codes" in ended.stdout
