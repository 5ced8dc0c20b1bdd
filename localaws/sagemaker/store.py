"""Where SageMaker's objects outlive the process: one row of JSON for each.

Whoever adds a kind of object (models, endpoints, …) makes it a dataclass, calls `save(kind, name, value)` after each
change, `delete(kind, name)` when it is gone, and at the start `load(kind, type)`, which gives them oldest first. What a
dataclass may hold, and how a field is left out, says `codec.py`. Several calls that belong together stand in one
`with store.together():`: a `kill -9` finds all of them done or none, also the events that are emitted in there.
Nobody waits for an answer from the local AWS in there: it is its turn that is taken.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeVar

from localaws.sagemaker.codec import from_json, to_json

T = TypeVar("T")
_KIND = "sagemaker "


class Database(Protocol):
    """Rows of bytes."""

    def save(self, kind: str, place: str, name: str, value: bytes) -> None: ...

    def delete(self, kind: str, place: str, name: str) -> None: ...

    def rows(self, kind: str) -> Any:
        """(place, name, value), oldest first."""


class Keeper(Protocol):
    """The database, and whose turn it is to change it."""

    @property
    def database(self) -> Database: ...

    def changing(self) -> AbstractContextManager[None]: ...


class Store:
    """Names differ in more than case, as in SageMaker."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.is_open = True

    def together(self) -> AbstractContextManager[None]:
        return self._keeper.changing()

    def save(self, kind: str, name: str, value: Any) -> None:
        """The row of that kind and name is now `value`, an instance of a dataclass."""
        with self._keeper.changing():
            if self.is_open:
                self._keeper.database.save(_KIND + kind, "", name.lower(), to_json(value))

    def delete(self, kind: str, name: str) -> None:
        """One that is not there is no error."""
        with self._keeper.changing():
            if self.is_open:
                self._keeper.database.delete(_KIND + kind, "", name.lower())

    def load(self, kind: str, value_type: type[T]) -> list[T]:
        """All that were saved, oldest first."""
        with self._keeper.changing():
            return [from_json(value_type, value) for _, _, value in self._keeper.database.rows(_KIND + kind)]

    def close(self) -> None:
        """Whatever happens from now on is not kept: the end of a process is not the end of what runs in it."""
        self.is_open = False


class Memory:
    """A keeper and its database for a SageMaker that need not last."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], bytes] = {}

    @property
    def database(self) -> "Memory":
        return self

    def changing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def save(self, kind: str, place: str, name: str, value: bytes) -> None:
        self._rows[kind, place, name] = value

    def delete(self, kind: str, place: str, name: str) -> None:
        self._rows.pop((kind, place, name), None)

    def rows(self, kind: str) -> list[tuple[str, str, bytes]]:
        return [(place, name, value) for (found, place, name), value in self._rows.items() if found == kind]
