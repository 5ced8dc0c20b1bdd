"""Lets one thread at a time change state."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident


class Turn:
    """A reentrant lock that its holder can release, at any depth, while it waits for other threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owner: int | None = None
        self.depth = 0

    @property
    def is_mine(self) -> bool:
        return self._owner == get_ident()

    @contextmanager
    def taken(self) -> Iterator[None]:
        if not self.is_mine:
            self._take(0)
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth:
                self._leave()

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Release the turn for the block. Does nothing in a thread that does not hold it."""
        if not self.is_mine:
            yield
            return
        depth = self.depth
        self._leave()
        try:
            yield
        finally:
            self._take(depth)

    def _take(self, depth: int) -> None:
        self._lock.acquire()
        self._owner, self.depth = get_ident(), depth

    def _leave(self) -> None:
        self._owner, self.depth = None, 0
        self._lock.release()
