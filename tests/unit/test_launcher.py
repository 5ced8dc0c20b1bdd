"""The launcher, with stand-ins on PATH for what it would install, each of which notes how it is called."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "sh",
    "cat",
    "date",
    "dirname",
    "flock",
    "grep",
    "id",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sha256sum",
    "sleep",
    "tail",
    "tee",
    "touch",
    "cp",
    "chmod",
)

PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
case "$*" in
  *'import sys, venv'*) exit "${PYTHON_IS_BAD:-0}" ;;
  '-m venv '*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  '-m pip '*) sleep "${PIP_TAKES:-0}"; echo 'Collecting rich==15.0.0'; exit "${PIP_FAILS:-0}" ;;
  '-P -m cli'*) shift 3; echo "cli at $PWD: $*" ;;
esac
"""
APT = """#!/bin/sh
echo "apt-get $*" >>"$CALLS"
case $1 in install) cp "$BIN/spare/"* "$BIN/" ;; esac
"""


@dataclass(frozen=True)
class Machine:
    """A clone of the launcher on a machine that has only what is in `bin`."""

    clone: Path
    bin: Path
    calls: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": str(self.bin), "BIN": str(self.bin), "CALLS": str(self.calls), **more}

    def run(self, *words: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.clone / "retune"), *words],
            cwd=cwd or self.clone,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self, what: str) -> list[str]:
        text = self.calls.read_text() if self.calls.exists() else ""
        return [line for line in text.splitlines() if what in line]

    def put(self, name: str, script: str) -> None:
        tool = self.bin / name
        tool.unlink(missing_ok=True)
        tool.write_text(script)
        tool.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with Python, without R, whose user is not root."""
    clone, tools = tmp_path / "a clone", tmp_path / "bin"
    clone.mkdir()
    (tools / "spare").mkdir(parents=True)
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    for name in ("retune", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, clone / name)
    made = Machine(clone, tools, tmp_path / "calls")
    made.put("python3", PYTHON)
    made.put("apt-get", APT)
    made.put("id", "#!/bin/sh\necho 1000\n")
    return made


def test_the_first_start_makes_the_environment_and_the_second_goes_straight_on(machine: Machine) -> None:
    first = machine.run("status", "iris")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"cli at {machine.clone}: status iris\n"
    assert "making its own Python environment" in first.stderr

    second = machine.run("status", "iris")
    assert second.stdout == first.stdout
    assert second.stderr == ""
    assert len(machine.called("-m venv")) == 1


def test_later_starts_cost_less_than_50_ms(machine: Machine) -> None:
    machine.run("status")
    took = []
    for _ in range(10):
        started = time.perf_counter()
        machine.run("status")
        took.append(time.perf_counter() - started)
    assert min(took) < 0.05


def test_it_is_found_through_symlinks_and_keeps_the_working_directory(
    machine: Machine, tmp_path: Path
) -> None:
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
    line = "sudo apt-get install -y --no-install-recommends r-base-core r-cran-mda r-cran-plumber"
    assert line in [said.strip() for said in ended.stderr.splitlines()]
    assert machine.called("apt-get") == []


def test_root_gets_what_is_missing_installed(machine: Machine) -> None:
    machine.put("id", "#!/bin/sh\necho 0\n")
    machine.put("spare/Rscript", "#!/bin/sh\nexit 0\n")
    ended = machine.run("demo")
    assert ended.stdout == f"cli at {machine.clone}: demo\n", ended.stderr
    assert machine.called("apt-get") == [
        "apt-get update",
        "apt-get install -y --no-install-recommends r-base-core r-cran-mda r-cran-plumber",
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
