"""What a newcomer does on a bare Debian: clone, `./retune --help`, `./retune demo`, `./retune test`. Nothing is
installed by hand.

Here `./retune test` gets a slice instead of everything. Between two Debians differ Python and what is built for it, R
and its packages, OpenSSL, nginx, and the shell's programs (coreutils, tar). So the slice has the slow tests that start
R, nginx, shell scripts, pip or the demo; and all tests in memory, if the root's Python is not the one that runs the
whole check on this machine. What it leaves out drives the same code through one more process or a local AWS.

Everything, on both roots:

    RETUNE_BARE_ROOT=whole ./retune test --all tests/heavy/test_bare_root.py
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.deploy.pythons import TESTED_ON
from tests.support.heavy.cache import ROOT
from tests.support.heavy.debian_root import bare_root, enter, offers, run

SYSTEM = (
    "tests/unit/container",  # R, nginx, the shell's programs
    "tests/unit/test_launcher.py",
    "tests/unit/cli/deploy/test_packaging.py",  # pip, for this Python
    "tests/lambdas",  # what was packaged
    "tests/local/test_demo.py",  # all together
    "tests/local/test_own_algorithm.py",
)
"""Tests that ask something of the system."""
IN_MEMORY = ("tests/unit", "tests/property", "tests/pipeline", "tests/contract")
"""Tests that ask something of Python."""
DONE_HERE = "tests/unit/test_launcher.py::test_the_real_launcher_answers_through_the_real_cli"
WHOLE = os.environ.get("RETUNE_BARE_ROOT") == "whole"
Note = Callable[[str, object], None]


def slice_of(suite: str) -> list[str]:
    """Arguments for pytest."""
    has_this_python = TESTED_ON[suite] == sys.version_info[:2]
    patterns = SYSTEM if has_this_python else (*SYSTEM, *IN_MEMORY)
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    files = [str(path.relative_to(ROOT)) for path in sorted(found)]
    return ["--numprocesses=2", "--dist=loadfile", f"--deselect={DONE_HERE}", *files]


def clone_into(root: Path) -> None:
    """What is committed, cloned in there into a fresh folder, as from anywhere else."""
    source = root / "srv" / "retune.git"
    run("git", "-c", "safe.directory=*", "clone", "--quiet", "--bare", "--no-hardlinks", str(ROOT), str(source))
    enter(root, "cd /opt && git clone --quiet /srv/retune.git retune", timeout_s=60)


@pytest.mark.parametrize("pattern", [*SYSTEM, *IN_MEMORY])
def test_each_part_of_the_slice_is_there(pattern: str) -> None:
    assert list(ROOT.glob(pattern)) != []


@pytest.mark.heavy
@pytest.mark.timeout(4000 if WHOLE else 3000)
@pytest.mark.parametrize("suite", [*reversed(TESTED_ON)])
def test_help_demo_and_tests_pass_on_a_bare_debian(suite: str, record_property: Note) -> None:
    if suite != "bookworm" and not offers(suite):
        return  # not a skip, which would fail the run: this machine's mirror does not have it

    with bare_root(suite) as root:
        clone_into(root)
        assert not any((root / "usr/bin" / program).exists() for program in ("python3", "Rscript"))

        def retune(shown: str, *arguments: str, variables: str = "", timeout_s: float = 600) -> str:
            started = time.monotonic()
            words = " ".join([variables, "./retune", *arguments])
            said = enter(root, f"cd /opt/retune && {words}", timeout_s=timeout_s)
            took_s = time.monotonic() - started
            weight = enter(root, "du -sm /opt/retune/.retune", timeout_s=60).split()[0]
            record_property(f"{suite}: {shown}", f"{took_s:.0f} s, and .retune has {weight} MB then")
            return said

        helped = retune("--help", "--help", timeout_s=300)
        retune("demo", "demo")
        record = json.loads((root / "opt/retune/retune-out/iris/record.json").read_text())
        if WHOLE:
            tested = retune("test", "test", variables="CI=true", timeout_s=3000)
        else:
            tested = retune(
                "a slice of test", "test", *slice_of(suite), variables="CI=true RETUNE_NO_SKIPS=1", timeout_s=1500
            )
            enter(root, "cd /opt/retune && Rscript container/tests/testthat.R", timeout_s=300)
        python = enter(root, "/opt/retune/.retune/venv/bin/python -V", timeout_s=60)

    assert "demo" in helped
    assert (record["status"], bool(record["best"]["training_job"])) == ("Completed", True)
    assert python.startswith("Python {}.{}.".format(*TESTED_ON[suite]))
    assert re.search(r"\b\d+ passed", tested) and " failed" not in tested
    assert [line for line in tested.splitlines() if line.startswith("SKIPPED") and "docker" not in line] == []
