"""Lets one thread at a time change state."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident


class StateClosed(Exception):
    """The state was closed while this thread had released the lock; it must change nothing any more."""


class ChangeLock:
    """A reentrant lock that its holder can release, at any depth, while it waits for other threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owner: int | None = None
        self.depth = 0
        self._is_over = False

    def end(self) -> None:
        """Refuse the lock to threads that have released it; call it while holding the lock."""
        self._is_over = True

    @property
    def is_owned(self) -> bool:
        return self._owner == get_ident()

    @contextmanager
    def held(self) -> Iterator[None]:
        if not self.is_owned:
            self._take(0)
        self.depth += 1
        try:
            yield
        finally:
            if self.is_owned:
                self.depth -= 1
                if not self.depth:
                    self._leave()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Release the lock for the block. Does nothing in a thread that does not hold it. Raises: StateClosed."""
        if not self.is_owned:
            yield
            return
        depth = self.depth
        self._leave()
        try:
            yield
        finally:
            self._take(depth)
            if self._is_over:
                self._leave()
                raise StateClosed

    def _take(self, depth: int) -> None:
        self._lock.acquire()
        self._owner, self.depth = get_ident(), depth

    def _leave(self) -> None:
        self._owner, self.depth = None, 0
        self._lock.release()
