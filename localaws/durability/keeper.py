"""Brings to disk what has changed, before anybody hears of it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from localaws.durability.contents import Contents
from localaws.durability.database import Database
from localaws.durability.requests import Effect, Request
from localaws.durability.turn import Turn


class Part(Protocol):
    """State of one kind: it knows what of it has changed."""

    def heard(self, request: Request, effect: Effect) -> None:
        """A request was answered that may have changed something."""

    def save(self, database: Database) -> None:
        """What has changed since the last call."""

    def load(self, database: Database) -> None:
        """All of it, when nothing has changed yet."""


class HomeLost(Exception):
    """The home could not be written, for want of space for example. Nothing is answered any more: after a restart all
    that was answered before is there."""


class Keeper:
    """Every change happens within `changing()`; when the outermost one ends, what changed has been kept."""

    def __init__(self, database: Database, contents: Contents, turn: Turn, parts: Sequence[Part]) -> None:
        """`parts` are loaded and saved in this order."""
        self.turn = turn
        self.database = database
        self._contents = contents
        self._parts = parts
        self._failure: Exception | None = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Raises: HomeLost."""
        with self.turn.taken():
            self._must_be_whole()
            try:
                yield
            finally:
                if self.turn.depth == 1:
                    self._commit()

    def close(self) -> None:
        """Once nobody changes anything, closes the database; who comes later is refused."""
        with self.turn.taken():
            self._failure = self._failure or RuntimeError("the local AWS has stopped")
            self.database.close()

    def pause(self, seconds: float) -> None:
        """Wait, and let others have their turn meanwhile."""
        with self.turn.given_up():
            time.sleep(seconds)

    def heard(self, request: Request, effect: Effect) -> None:
        """Called within `changing()`."""
        for part in self._parts:
            part.heard(request, effect)

    def load(self) -> None:
        """What an earlier process kept here."""
        with self.turn.taken():
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
        self._contents.remove_doomed()

    def _must_be_whole(self) -> None:
        if self._failure:
            raise HomeLost(f"the home can no longer be written: {self._failure}") from self._failure
