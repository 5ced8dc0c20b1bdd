"""The launcher, with stand-ins on PATH for what it would install, each of which notes how it is called."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.launcher_machine import ROOT, Machine, bare_machine

R_FOR_DEMO = "r-base-core r-cran-mda r-cran-earth r-cran-data.table r-cran-plumber"


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


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ((), "cli"),
        (("--help",), "cli"),
        (("status", "iris"), "cli"),
        (("no-such-verb",), "cli"),
        (("image", "build"), "cli"),
        (("destroy", "--yes"), "cli"),
        (("demo", "--help"), "cli"),
        (("test", "-h"), "cli"),
        (("deploy",), "local"),
        (("--no-color", "deploy", "--plan"), "local"),
    ],
)
def test_the_verb_decides_which_packages_are_installed(machine: Machine, words: tuple[str, ...], tier: str) -> None:
    ended = machine.run(*words)

    assert ended.returncode == 0, ended.stderr
    assert machine.locks_installed() == [tier]


@pytest.mark.parametrize(("verb", "tier"), [("demo", "demo"), ("up", "local"), ("test", "dev"), ("lint", "dev")])
def test_a_verb_that_needs_r_gets_its_packages_too(machine: Machine, verb: str, tier: str) -> None:
    machine.be_root_without_r()

    assert machine.run(verb).returncode == 0
    assert machine.locks_installed() == [tier]


def test_only_what_the_lock_files_name_is_installed_and_only_from_wheels(machine: Machine) -> None:
    machine.run("status")

    (call,) = machine.called("-m pip install")
    for option in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert f" {option} " in call


def test_the_local_aws_is_installed_from_its_folder_for_the_verbs_that_need_it(machine: Machine) -> None:
    machine.run("status")
    assert not machine.called("--editable")

    machine.run("deploy")
    (call,) = machine.called("--editable")
    assert call.endswith(f"--no-deps --no-build-isolation --editable {machine.clone}/local-sagemaker")


def test_a_change_of_what_the_local_aws_declares_installs_it_again(machine: Machine) -> None:
    machine.run("deploy")
    with (machine.clone / "local-sagemaker" / "pyproject.toml").open("a") as file:
        file.write("# another line\n")

    assert machine.run("status").stderr == ""
    machine.run("deploy")
    assert len(machine.called("--editable")) == 2


def test_a_higher_tier_is_added_to_the_environment_that_is_there(machine: Machine) -> None:
    machine.run("status")
    added = machine.run("deploy")

    assert machine.locks_installed() == ["cli", "local"]
    assert len(machine.called("-m venv")) == 1
    assert "adding the Python packages that `deploy` needs" in added.stderr
    assert machine.run("deploy").stderr == machine.run("status").stderr == ""


def test_a_higher_tier_holds_the_lower_ones(machine: Machine) -> None:
    machine.run("deploy")

    assert machine.run("status").stderr == ""
    assert machine.locks_installed() == ["local"]


def test_a_changed_lock_file_makes_the_environment_anew(machine: Machine) -> None:
    machine.run("status")
    change_lock(machine, "cli")
    machine.run("status")
    assert len(machine.called("-m venv")) == 2


def test_a_changed_lock_file_of_a_higher_tier_waits_for_a_verb_that_needs_it(machine: Machine) -> None:
    machine.run("deploy")
    change_lock(machine, "local")

    assert machine.run("status").stderr == ""
    assert len(machine.called("-m venv")) == 1
    machine.run("deploy")
    assert len(machine.called("-m venv")) == 2


def test_nothing_is_added_to_an_environment_in_which_another_tier_is_outdated(machine: Machine) -> None:
    machine.be_root_without_r()
    machine.run("deploy")
    change_lock(machine, "local")

    machine.run("test")

    assert len(machine.called("-m venv")) == 2


def change_lock(machine: Machine, tier: str) -> None:
    with (machine.clone / "locks" / f"{tier}.txt").open("a") as file:
        file.write("# another line\n")


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


def test_an_addition_that_cannot_be_downloaded_leaves_the_environment_whole(machine: Machine) -> None:
    machine.run("status")

    assert machine.run("deploy", PIP_FAILS="1").returncode == 1
    assert machine.run("status").stderr == ""
    assert machine.run("deploy").returncode == 0
    assert len(machine.called("-m venv")) == 1


def test_an_addition_that_fails_half_way_makes_the_environment_anew(machine: Machine) -> None:
    machine.run("status")

    assert machine.run("deploy", PIP_FAILS_LATE="1").returncode == 1
    assert machine.run("deploy").returncode == 0
    assert len(machine.called("-m venv")) == 2


def test_an_interrupted_addition_is_not_taken_for_whole(machine: Machine) -> None:
    machine.run("status")
    adding = subprocess.Popen(
        [str(machine.clone / "retune"), "deploy"],
        env=machine.environment(PIP_TAKES="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(machine.called("-m pip")) < 2:
        time.sleep(0.01)
    adding.kill()
    adding.wait()

    assert machine.run("status").stderr == ""  # its packages are those of before
    assert machine.run("deploy").returncode == 0
    assert machine.locks_installed() == ["cli", "local", "local"]
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
    line = f"sudo apt-get install -y --no-install-recommends {R_FOR_DEMO}"
    assert line in [said.strip() for said in ended.stderr.splitlines()]
    assert machine.called("apt-get") == []


def test_root_gets_what_is_missing_installed(machine: Machine) -> None:
    machine.be_root_without_r()
    ended = machine.run("demo")
    assert ended.stdout == f"cli at {machine.clone}: demo\n", ended.stderr
    assert machine.called("apt-get ")[:2] == [
        "apt-get update",
        f"apt-get install -y --no-install-recommends {R_FOR_DEMO}",
    ]


def test_test_and_lint_ask_for_the_tools_for_r_nginx_and_a_compiler(machine: Machine) -> None:
    machine.be_root_without_r()

    machine.run("test")

    (call,) = machine.called("apt-get install")
    has_nginx = Path("/usr/sbin/nginx").exists()  # outside PATH, as the headers below
    nginx = "" if has_nginx else " nginx-light"
    headers = "" if Path("/usr/include/stdio.h").exists() else " libc6-dev"
    assert call.endswith(f"r-cran-plumber r-cran-testthat r-cran-lintr{nginx} gcc make{headers}")


def test_apt_and_pip_work_at_the_same_time(machine: Machine) -> None:
    machine.be_root_without_r()

    ended = machine.run("demo", PIP_WAITS_FOR="apt-get install", APT_WAITS_FOR="-m pip install")

    assert ended.stdout == f"cli at {machine.clone}: demo\n", ended.stderr


def test_python_comes_before_what_is_installed_beside_pip(machine: Machine) -> None:
    machine.be_root_without_r()
    shutil.move(machine.bin / "python3", machine.bin / "spare" / "python3")

    ended = machine.run("demo")

    assert ended.stdout == f"cli at {machine.clone}: demo\n", ended.stderr
    python, r = machine.called("apt-get install")
    assert python.endswith("--no-install-recommends python3 python3-venv")
    assert "r-base-core" not in python
    assert "python3" not in r


def test_a_failed_apt_fails_the_start_and_the_next_repeats_only_that(machine: Machine) -> None:
    machine.be_root_without_r()

    failed = machine.run("demo", APT_FAILS="1", APT_WAITS_FOR="-m pip install")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "apt-get could not install r-base-core" in failed.stderr
    assert "| E: Unable to locate package" in failed.stderr

    assert machine.run("demo").stdout == f"cli at {machine.clone}: demo\n"
    assert machine.locks_installed() == ["demo"]
    assert len(machine.called("apt-get install")) == 2


def test_a_failed_pip_lets_apt_finish(machine: Machine, tmp_path: Path) -> None:
    machine.be_root_without_r()

    with (tmp_path / "said").open("w") as said:  # no pipe: reading one to its end would wait for apt as well
        code = subprocess.call(
            [str(machine.clone / "retune"), "demo"],
            env=machine.environment(PIP_FAILS="1", PIP_WAITS_FOR="apt-get install", APT_TAKES="1"),
            stderr=said,
        )

    assert code == 1
    assert "pip could not install the Python packages" in (tmp_path / "said").read_text()
    assert machine.called("apt-get is done")


def begun(leader: int) -> set[str]:
    """The names of the programs that run in the session of this process; `sleep` with how long."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_text().split("\0")
            session = int((process / "stat").read_text().rpartition(")")[2].split()[3])
        except OSError:
            continue
        if session == leader:
            found.add(" ".join([Path(words[0]).name, *words[1:2]]) if "sleep" in words[0] else Path(words[0]).name)
    return found


def test_an_interruption_stops_pip_and_lets_apt_finish(machine: Machine) -> None:
    machine.be_root_without_r()
    started = subprocess.Popen(
        [str(machine.clone / "retune"), "demo"],
        env=machine.environment(PIP_TAKES="300", APT_TAKES="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (machine.called("apt-get install") and {"sleep 300", "tee"} <= begun(started.pid)):
        time.sleep(0.01)  # a signal that comes while a shell is starting one of them would miss it

    os.killpg(started.pid, signal.SIGINT)  # as Ctrl-C does
    _, said = started.communicate(timeout=120)

    assert started.returncode == 130
    assert "stopping when apt-get is done" in said
    assert machine.called("apt-get is done")
    assert machine.run("demo").returncode == 0


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
