"""A home has one local AWS at a time: a lock that the kernel drops when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeTaken(Exception):
    """Another process lives in this home; the message names it."""

    def __init__(self, home: Path, pid: str):
        super().__init__(
            f"{home} is the home of another local AWS, process {pid or 'unknown'}: end it, or take another."
        )


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Be the one who lives here. Raises: HomeTaken."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise HomeTaken(home, lock.read().strip()) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)
