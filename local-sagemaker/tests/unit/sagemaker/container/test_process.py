"""A training program and the process that started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.account import eventually
from support.programs.program import ENVIRONMENT
from unit.sagemaker.training.test_stops import is_there

STARTS_ONE = """
import os, sys, threading
from pathlib import Path
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.container.process import Command, GroupSignals, run

folder = Path(sys.argv[1])
command = Command(("/bin/sh", "-c", sys.argv[2]), folder, os.environ, GroupSignals())
def note(lines):  # the program is watched over by now
    (folder / "pid").write_text(lines[0])

run(command, folder / "log.txt", note, threading.Event(), 60.0, lambda: 60.0, Watchdog())
"""


@pytest.mark.parametrize("program", ["sleep 60", "trap '' TERM; sleep 60", "sleep 60 & wait"])
def test_a_program_ends_with_the_process_that_started_it_even_if_that_is_killed(tmp_path: Path, program: str) -> None:
    script = f"echo $$; {program}"
    with subprocess.Popen([sys.executable, "-c", STARTS_ONE, tmp_path, script], env=ENVIRONMENT) as process:
        try:
            pid = eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip(), 60)
        finally:
            process.send_signal(signal.SIGKILL)

    assert eventually(lambda: not is_there(int(pid)))
    assert eventually(lambda: not group(int(pid)))


IGNORES = """
import os, signal, sys, threading
from pathlib import Path
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.container.process import Command, GroupSignals, run

signal.signal(signal.SIGINT, signal.SIG_IGN)
folder, stop = Path(sys.argv[1]), threading.Event()
command = Command((sys.executable, "-c", sys.argv[2]), folder, os.environ, GroupSignals(signal.SIGINT))
print(run(command, folder / "log.txt", lambda lines: stop.set(), stop, 60.0, lambda: 60.0, Watchdog()).code)
"""


@pytest.mark.parametrize(
    ("first", "signal_"), [("", signal.SIGTERM), ("signal.signal(signal.SIGINT, signal.SIG_DFL);", signal.SIGINT)]
)
def test_a_program_that_inherited_to_ignore_sigint_is_stopped_by_sigterm(
    tmp_path: Path, first: str, signal_: int
) -> None:
    program = f"import signal, time; {first} print('awake', flush=True); time.sleep(60)"

    command = [sys.executable, "-c", IGNORES, tmp_path, program]
    said = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout

    assert int(said) == 128 + signal_


def group(leader: int) -> list[int]:
    """The processes of that group that still run."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and os.getpgid(int(path.name)) == leader and is_there(int(path.name)):
                found.append(int(path.name))
        except ProcessLookupError:
            continue
    return found
