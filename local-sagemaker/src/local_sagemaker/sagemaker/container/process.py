"""Runs a program: passes on its output line by line, stops it with signals, and returns its exit.

SageMaker sends a training job SIGTERM, and SIGKILL after 120 s (CreateTrainingJob's StoppingCondition).
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

from local_sagemaker.sagemaker.container.output import OnLines, copy_lines
from local_sagemaker.sagemaker.container.watchdog import Watchdog

LOOK_S = 0.1


class Signals(Protocol):
    """How to stop a program, given its local process."""

    def terminate(self, pid: int, grace_s: float) -> None:
        """Ask it to end, and return immediately."""

    def kill(self, pid: int) -> None:
        """Kill it and all its children, if they still run."""


@dataclass(frozen=True)
class GroupSignals:
    """Sends signals to the program's process group; `first` asks it to end."""

    first: signal.Signals = signal.SIGTERM

    def terminate(self, pid: int, grace_s: float) -> None:
        # A shell's background job ignores SIGINT, and so do all programs that it starts.
        _signal_group(pid, signal.SIGTERM if _ignores(pid, self.first) else self.first)

    def kill(self, pid: int) -> None:
        _signal_group(pid, signal.SIGKILL)


@dataclass(frozen=True)
class Command:
    """A command line, its working folder, and its complete environment."""

    words: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str]
    signals: Signals


@dataclass(frozen=True)
class Exit:
    """How the program ended. `code` is 128 plus the signal's number if a signal killed it, as in a container engine;
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
    watchdog: Watchdog,
) -> Exit:
    """Run the command until it ends. When `stop` is set or `max_runtime_s` is over, ask it to end, and kill it after
    `grace_s`, which may be shortened meanwhile. It never outlives this process. Raises: OSError: it cannot be
    started."""
    process = start(command)
    watchdog.watch(process.pid)
    reader = threading.Thread(target=copy_output, args=(process, log, on_lines), daemon=True)
    reader.start()
    handle = os.pidfd_open(process.pid)
    try:
        why = _watch(process.pid, handle, command.signals, stop, max_runtime_s, grace_s)
    finally:
        os.close(handle)
    code = process.wait()
    command.signals.kill(process.pid)  # its remaining children
    watchdog.forget(process.pid)
    reader.join(timeout=2)
    return Exit(code if code >= 0 else 128 - code, why)


def start(command: Command) -> subprocess.Popen[bytes]:
    """Start the command in its own session. Raises: OSError: it cannot be started."""
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
    """Wait for the process, whose end `handle` signals; return why it was asked to stop, or an empty string."""
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
    """Copy the output of the process and its children to the log and to `on_lines`."""
    assert process.stdout is not None, "the process must be started with a pipe"
    with process.stdout as pipe:
        copy_lines(pipe.fileno(), log, on_lines)


def _ignores(pid: int, number: signal.Signals) -> bool:
    """Whether the process ignores the signal; False if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
    ignored = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored, 16) >> (number - 1) & 1)


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
