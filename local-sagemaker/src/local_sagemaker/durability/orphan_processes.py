"""Ends processes that a killed local AWS left behind.

The environment of each training container and function, which the kernel exposes, names a folder of the home. A process
found while holding the home's lock is therefore an orphan. Nothing has to be recorded when a process starts, and a
reused pid is never mistaken for one of ours.
"""

import os
import signal
from pathlib import Path

_NAMES = (b"ML_ROOT=", b"LAMBDA_TASK_ROOT=")


def kill(home: Path) -> list[int]:
    """Kill all orphans with SIGKILL; return their pids."""
    marks = [name + os.fsencode(home) + b"/" for name in _NAMES]
    return [pid for pid in _pids() if _end_if_marked(pid, marks)]


def _pids() -> list[int]:
    return [
        int(found.name) for found in Path("/proc").iterdir() if found.name.isdigit() and int(found.name) != os.getpid()
    ]


def _end_if_marked(pid: int, marks: list[bytes]) -> bool:
    """Open the pidfd before looking at the process: from then on it cannot refer to another one."""
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
