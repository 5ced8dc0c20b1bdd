"""The one local AWS that `up` keeps: held by a lock that the kernel drops when its process dies, described in
`.retune/up.json`. No pid is ever trusted without the lock."""

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
        text = f"A local AWS is already up, as process {pid}: use it, or end it with `./retune down`."
        super().__init__(ExitCode.FAILED, text)


@contextmanager
def holding() -> Iterator[None]:
    """Be the one that is up. Raises: AlreadyUp."""
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
    """Tell the other verbs where the local AWS answers; they never see half a file."""
    new = UP.with_suffix(".new")
    new.write_text(json.dumps({"pid": os.getpid(), **ready}))
    new.replace(UP)


def read() -> dict[str, Any] | None:
    """What the local AWS that is up announced, with its `pid`; None when none is, or is not ready yet."""
    if holder() is None:
        return None
    try:
        return dict(json.loads(UP.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def is_alone(ready: Mapping[str, Any]) -> bool:
    """Whether what was announced is a local AWS without Retune."""
    return "bucket" not in ready


def holder() -> int | None:
    """The process that is up, or on its way up or down; None when there is none."""
    try:
        with UP_LOCK.open() as lock:
            if _shared(lock):
                return None
            return int(lock.read() or 0) or None
    except FileNotFoundError:
        return None


def _taken(lock: IO[str]) -> bool:
    """Take the lock for ourselves. Somebody who only looks holds it for an instant: ask again."""
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
