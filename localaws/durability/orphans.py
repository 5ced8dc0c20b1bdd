"""Processes that a killed local AWS left behind.

Each training container and each function has a folder of the home in its environment, which the kernel shows. Whoever
holds the home's lock and finds one knows that it is nobody's. Nothing has to be noted when a process is started, and no
pid that was given to another is ever taken for ours.
"""

import os
import signal
from pathlib import Path

_NAMES = (b"ML_ROOT=", b"LAMBDA_TASK_ROOT=")


def end(home: Path) -> list[int]:
    """`kill -9` them all; their pids."""
    marks = [name + os.fsencode(home) + b"/" for name in _NAMES]
    return [pid for pid in _pids() if _end_if_marked(pid, marks)]


def _pids() -> list[int]:
    return [
        int(found.name) for found in Path("/proc").iterdir() if found.name.isdigit() and int(found.name) != os.getpid()
    ]


def _end_if_marked(pid: int, marks: list[bytes]) -> bool:
    """The handle is opened first: from then on it can only mean the process that was looked at."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        if not any(variable.startswith(mark) for variable in variables for mark in marks):
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except OSError:  # another user's, or gone
        return False
    finally:
        os.close(handle)
    return True
