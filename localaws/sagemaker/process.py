"""A training program that runs: its output line by line, its end, and its signals.

SageMaker sends SIGTERM, and SIGKILL after 120 s (CreateTrainingJob's StoppingCondition).
"""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from localaws.sagemaker.hosting.guard import Guard
from localaws.sagemaker.output import OnLines, copy_lines

LOOK_S = 0.1


class Signals(Protocol):
    """How a program is told to end, given its process here."""

    def terminate(self, pid: int, grace_s: float) -> None:
        """Ask it to end, and return at once."""

    def kill(self, pid: int) -> None:
        """End it and all that it started; one that has ended is no error."""


class GroupSignals:
    """Signals to the process group that the program leads."""

    def terminate(self, pid: int, grace_s: float) -> None:
        _signal_group(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        _signal_group(pid, signal.SIGKILL)


@dataclass(frozen=True)
class Command:
    """What is started, where, with exactly which variables."""

    words: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str]
    signals: Signals


@dataclass(frozen=True)
class Exit:
    """How the program ended. `code` is 128 and the signal's number if one killed it, as a container engine counts;
    `why` is empty, `stopped` or `runtime`."""

    code: int
    why: str


def run(
    command: Command,
    log: Path,
    on_lines: OnLines,
    stop: threading.Event,
    max_runtime_s: float,
    grace_s: Callable[[], float],
    guard: Guard,
) -> Exit:
    """Run it to its end, or to this process's. Told to stop, or too long at it, it is told to end, and killed after
    `grace_s`, which may have become shorter meanwhile. Raises: OSError: it cannot be started."""
    process = start(command)
    guard.watch(process.pid)
    reader = threading.Thread(target=copy_output, args=(process, log, on_lines), daemon=True)
    reader.start()
    handle = os.pidfd_open(process.pid)
    try:
        why = _watch(process.pid, handle, command.signals, stop, max_runtime_s, grace_s)
    finally:
        os.close(handle)
    code = process.wait()
    command.signals.kill(process.pid)  # what it left behind
    guard.forget(process.pid)
    reader.join(timeout=2)
    return Exit(code if code >= 0 else 128 - code, why)


def start(command: Command) -> subprocess.Popen[bytes]:
    """In a session of its own. Raises: OSError: it cannot be started."""
    return subprocess.Popen(
        command.words,
        cwd=command.folder,
        env=dict(command.variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _watch(
    pid: int,
    handle: int,
    signals: Signals,
    stop: threading.Event,
    max_runtime_s: float,
    grace_s: Callable[[], float],
) -> str:
    """Wait for the process, which `handle` announces at once; why it was told to stop, if it was."""
    until = time.monotonic() + max_runtime_s
    while not _ended(handle, min(LOOK_S, until - time.monotonic())):
        if stop.is_set() or time.monotonic() >= until:
            why = "stopped" if stop.is_set() else "runtime"
            _end(pid, handle, signals, grace_s)
            return why
    return ""


def _end(pid: int, handle: int, signals: Signals, grace_s: Callable[[], float]) -> None:
    signals.terminate(pid, grace_s())
    told_at = time.monotonic()
    while not _ended(handle, min(LOOK_S, grace_s())):
        if time.monotonic() - told_at >= grace_s():
            signals.kill(pid)
            return


def _ended(handle: int, within_s: float) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(max(0.0, within_s) * 1000))


def copy_output(process: subprocess.Popen[bytes], log: Path, on_lines: OnLines) -> None:
    """All that it and what it started print, into the log and to `on_lines`."""
    assert process.stdout is not None, "the process was started with a pipe"
    with process.stdout as pipe:
        copy_lines(pipe.fileno(), log, on_lines)


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
