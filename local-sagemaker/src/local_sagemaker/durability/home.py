"""Locks a home, so that only one local AWS at a time uses it; the kernel releases the lock when its holder dies.

A child process that the holder was just starting still shares the lock until it has executed its own program.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_INSTANT_S = 5.0


class HomeInUse(Exception):
    """Another process uses this home; the message names it."""

    def __init__(self, home: Path, pid: str):
        super().__init__(
            f"{home} is in use by another local AWS (process {pid or 'unknown'}): stop it, or use another home."
        )


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home's lock. Raises: HomeInUse."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        until = time.monotonic() + _INSTANT_S
        while not _is_locked(lock):
            lock.seek(0)
            pid = lock.read().strip()
            if _lives(pid) or time.monotonic() > until:
                raise HomeInUse(home, pid)
            time.sleep(0.02)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _is_locked(lock: IO[str]) -> bool:
    """Try to take the lock; return whether it is ours now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: str) -> bool:
    return bool(pid) and Path(f"/proc/{pid}").exists()
