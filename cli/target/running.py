"""The local AWSs that `up` runs, one for each home.

Each has two files in `.retune/up/`: a lock, which the kernel releases when its process dies, with its process and home;
and, once it is ready, what it announced. A pid is never trusted without the lock. What a killed process left behind is
ignored, and removed by the next `up`.
"""

import fcntl
import hashlib
import json
import os
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from cli.console import ExitCode, Leave
from cli.paths import STATE

REGISTRY = STATE / "up"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Announce = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Up:
    """A local AWS that is up. `ready` is what it announced; None while it starts or stops."""

    home: Path
    pid: int
    ready: Mapping[str, Any] | None = None

    @property
    def endpoint_url(self) -> str | None:
        return str(self.ready["endpoint_url"]) if self.ready else None

    @property
    def is_alone(self) -> bool:
        """Whether it runs without Retune."""
        return self.ready is not None and "bucket" not in self.ready

    def is_at(self, url: str) -> bool:
        """Whether `url` reaches it. All names of the loopback address are the same."""
        return self.endpoint_url is not None and _address(self.endpoint_url) == _address(url)


class AlreadyUp(Leave):
    """Another `up` has this home; the message names its process."""

    def __init__(self, home: Path, pid: int | None):
        text = (
            f"A local AWS is already up with the home {home}, as process {pid}: use it, stop it with `./retune down`, "
            "or pass another `--home`."
        )
        super().__init__(ExitCode.FAILED, text)


class SeveralUp(Leave):
    """More than one is up and none was chosen; the message lists them."""

    def __init__(self, ups: Sequence[Up]):
        lines = (
            f"  --home {shlex.quote(str(up.home))}   {up.endpoint_url or 'not ready'}, process {up.pid}" for up in ups
        )
        text = f"{len(ups)} local AWSs are up. Choose one by --home, or set AWS_ENDPOINT_URL:"
        super().__init__(ExitCode.USAGE, "\n".join((text, *lines)))


@contextmanager
def holding(home: Path, registry: Path = REGISTRY) -> Iterator[Announce]:
    """Register the home as up for the block, and yield the function that announces it as ready. Raises: AlreadyUp."""
    home = home.expanduser().resolve()
    registry.mkdir(parents=True, exist_ok=True)
    _remove_dead(registry)
    path = registry / f"{hashlib.sha256(str(home).encode()).hexdigest()[:16]}.lock"
    lock = _locked(path)
    if lock is None:
        raise AlreadyUp(home, next((up.pid for up in every(registry) if up.home == home), None))
    with lock:
        try:
            lock.truncate(0)
            lock.write(json.dumps({"home": str(home), "pid": os.getpid()}))
            lock.flush()
            yield lambda ready: _announce(_announced(path), ready)
        finally:
            _remove(path)


def every(registry: Path = REGISTRY) -> tuple[Up, ...]:
    """List the local AWSs that are up, starting or stopping, by home."""
    found = (_read(path) for path in registry.glob("*.lock"))
    return tuple(sorted((up for up in found if up), key=lambda up: up.home))


def choose(ups: Sequence[Up], home: Path | None, endpoint_url: str | None) -> Up | None:
    """Return the one with this home, else the one at this URL, else the only one; None if there is none.

    Raises: SeveralUp."""
    if home is not None:
        home = home.expanduser().resolve()
        return next((up for up in ups if up.home == home), None)
    if endpoint_url and (named := next((up for up in ups if up.is_at(endpoint_url)), None)):
        return named
    if len(ups) > 1:
        raise SeveralUp(ups)
    return next(iter(ups), None)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock on this file."""
    try:
        with path.open() as lock:
            return not _flock(lock, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def is_here(url: str) -> bool:
    """Whether the URL is one of this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _address(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return "localhost" if is_here(url) else parts.hostname, parts.port


def _announce(path: Path, ready: Mapping[str, Any]) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(ready))
    new.replace(path)


def _announced(lock: Path) -> Path:
    return lock.with_suffix(".json")


def _read(path: Path) -> Up | None:
    """Return the local AWS that holds this lock, if one does."""
    with suppress(FileNotFoundError, ValueError, ProcessLookupError), path.open() as lock:
        if _flock(lock, fcntl.LOCK_SH):
            return None
        held = json.loads(lock.read())
        os.kill(held["pid"], 0)  # the lock may be that of another reader, for an instant
        return Up(Path(held["home"]), held["pid"], _ready(path))
    return None


def _ready(path: Path) -> Mapping[str, Any] | None:
    try:
        return dict(json.loads(_announced(path).read_text()))
    except FileNotFoundError:
        return None


def _locked(path: Path) -> IO[str] | None:
    """Take the lock exclusively; None if another process has it. A reader holds it only for an instant, so try again;
    and again if the file was removed before it was locked."""
    for _ in range(5):
        lock = path.open("a+")
        if not _flock(lock, fcntl.LOCK_EX):
            time.sleep(0.05)
        elif _is_at(lock, path):
            return lock
        lock.close()
    return None


def _remove_dead(registry: Path) -> None:
    """Remove the files of processes that were killed. A lock file is removed only by its holder."""
    for path in registry.glob("*.lock"):
        with suppress(FileNotFoundError), path.open("r+") as lock:
            if _flock(lock, fcntl.LOCK_EX) and _is_at(lock, path):
                _remove(path)


def _remove(path: Path) -> None:
    _announced(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _is_at(lock: IO[str], path: Path) -> bool:
    """Whether the open file is still the one at its path."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _flock(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
