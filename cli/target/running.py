"""The one local AWS that `up` runs: guarded by a lock that the kernel releases when its process dies, and described
in `.retune/up.json`. A pid is never trusted without the lock."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from cli.console import ExitCode, Leave
from cli.paths import STATE, UP, UP_LOCK


class AlreadyUp(Leave):
    """Another `up` holds the lock; the message names its process."""

    def __init__(self, pid: int | None):
        text = f"A local AWS is already up, as process {pid}: use it, or stop it with `./retune down`."
        super().__init__(ExitCode.FAILED, text)


@contextmanager
def holding() -> Iterator[None]:
    """Hold the lock of the local AWS that is up. Raises: AlreadyUp."""
    STATE.mkdir(parents=True, exist_ok=True)
    with UP_LOCK.open("a+") as lock:
        if not _taken(lock):
            raise AlreadyUp(holder())
        try:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            UP.unlink(missing_ok=True)
            yield
        finally:
            UP.unlink(missing_ok=True)
            lock.truncate(0)


def announce(ready: Mapping[str, Any]) -> None:
    """Publish the local AWS's endpoint to the other verbs, atomically."""
    new = UP.with_suffix(".new")
    new.write_text(json.dumps({"pid": os.getpid(), **ready}))
    new.replace(UP)


def read() -> dict[str, Any] | None:
    """Return what the local AWS announced, with its `pid`; None if none is up and ready."""
    if holder() is None:
        return None
    try:
        return dict(json.loads(UP.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def is_alone(ready: Mapping[str, Any]) -> bool:
    """Whether the announced local AWS runs without Retune."""
    return "bucket" not in ready


def holder() -> int | None:
    """Return the process that is up, starting or stopping; None if there is none."""
    try:
        with UP_LOCK.open() as lock:
            if _shared(lock):
                return None
            return int(lock.read() or 0) or None
    except FileNotFoundError:
        return None


def _taken(lock: IO[str]) -> bool:
    """Take the lock exclusively. A reader holds it only for an instant, so try again."""
    for _ in range(5):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _shared(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
