"""Saves every change before the response to it is sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Protocol

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.lock import ChangeLock, StateClosed
from local_sagemaker.durability.requests import Effect, Request


class Part(Protocol):
    """State of one kind, which tracks its own changes."""

    def heard(self, request: Request, effect: Effect) -> None:
        """Note that a request was answered that may have changed something."""

    def save(self, database: Database) -> None:
        """Save what has changed since the last call."""

    def load(self, database: Database) -> None:
        """Load everything. Call it before anything has changed."""


class HomeNotWritable(Exception):
    """The home cannot be written, because the disk is full for example. All further requests fail; after a restart,
    every change that was acknowledged before is there."""


class Keeper:
    """Every change happens within `changing()`; when the outermost block ends, the changes have been saved."""

    def __init__(self, database: Database, contents: Contents, lock: ChangeLock, parts: Sequence[Part]) -> None:
        """Load and save `parts` in this order."""
        self.lock = lock
        self.database = database
        self._contents = contents
        self._parts = parts
        self._failure: Exception | None = None
        self._is_interrupted = Event()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Raises: HomeNotWritable."""
        with self.lock.held():
            self._must_be_whole()
            try:
                yield
            finally:
                if self.lock.is_owned and self.lock.depth == 1:
                    self._commit()

    def close(self) -> None:
        """Wait for the changes in progress and close the database; later changes are refused."""
        with self.lock.held():
            self._failure = self._failure or RuntimeError("the local AWS has stopped")
            self.database.close()
            self.lock.end()
            self._parts = ()  # and with them what they remember of objects, which must not outlive the interpreter

    def pause(self, seconds: float) -> None:
        """Sleep, and let other threads take the lock meanwhile. Raises: StateClosed: `interrupt` was called."""
        with self.lock.released():
            self._is_interrupted.wait(seconds)
        if self._is_interrupted.is_set():
            raise StateClosed

    def interrupt(self) -> None:
        """End the pauses of all threads; `close` follows."""
        self._is_interrupted.set()

    def heard(self, request: Request, effect: Effect) -> None:
        """Pass it on to each part. Call it within `changing()`."""
        for part in self._parts:
            part.heard(request, effect)

    def load(self) -> None:
        """Load what an earlier process saved in this home."""
        with self.lock.held():
            for part in self._parts:
                part.load(self.database)
            self.database.commit()
            self._contents.remove_unknown()

    def _commit(self) -> None:
        try:
            for part in self._parts:
                part.save(self.database)
            self.database.commit()
        except Exception as error:  # noqa: BLE001 - whatever it is, memory and disk differ from now on
            self._failure = error
            self._must_be_whole()
        self._contents.remove_unreferenced()

    def _must_be_whole(self) -> None:
        if self._failure:
            raise HomeNotWritable(f"the home can no longer be written: {self._failure}") from self._failure
