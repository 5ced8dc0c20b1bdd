"""Stores SageMaker's objects durably, one row of JSON for each.

To add a kind of object (models, endpoints, …), make it a dataclass; call `save(kind, name, value)` after each change,
`delete(kind, name)` when it is deleted, and `load(kind, type)` at the start, which returns the oldest first. `codec.py`
describes what a dataclass may hold, and how to exclude a field. Put calls that belong together into one
`with store.together():`, which is atomic even under `kill -9`, including the events that are emitted in it. Never wait
for a response of the local AWS in that block: it holds the lock.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeVar

from local_sagemaker.sagemaker.jobs.codec import from_json, to_json
from local_sagemaker.sagemaker.protocol.errors import ServiceError

T = TypeVar("T")
_KIND = "sagemaker "


class Rows(Protocol):
    """Rows of bytes."""

    def save(self, kind: str, place: str, name: str, value: bytes) -> None: ...

    def delete(self, kind: str, place: str, name: str) -> None: ...

    def rows(self, kind: str) -> Any:
        """(place, name, value), oldest first."""


class Transactions(Protocol):
    """The database, and the lock to change it."""

    @property
    def database(self) -> Rows: ...

    def changing(self) -> AbstractContextManager[None]: ...


class Store:
    """Names are unique regardless of case, as in SageMaker."""

    def __init__(self, keeper: Transactions) -> None:
        self._keeper = keeper
        self.is_open = True

    def together(self) -> AbstractContextManager[None]:
        return self._keeper.changing()

    def save(self, kind: str, name: str, value: Any) -> None:
        """Insert or replace the row of that kind and name; `value` is an instance of a dataclass."""
        with self._keeper.changing():
            if self.is_open:
                self._keeper.database.save(_KIND + kind, "", name.lower(), to_json(value))

    def delete(self, kind: str, name: str) -> None:
        """Delete the row, if it exists."""
        with self._keeper.changing():
            if self.is_open:
                self._keeper.database.delete(_KIND + kind, "", name.lower())

    def load(self, kind: str, value_type: type[T]) -> list[T]:
        """Load all saved values, oldest first."""
        with self._keeper.changing():
            return [from_json(value_type, value) for _, _, value in self._keeper.database.rows(_KIND + kind)]

    def must_be_open(self) -> None:
        """Raises: ServiceError: the local AWS is stopping, so that nothing new would be saved."""
        if not self.is_open:
            raise ServiceError("ServiceUnavailable", "The local AWS is stopping.", 503)

    def close(self) -> None:
        """Save nothing from now on: jobs that end because this process stops must not be saved as ended."""
        self.is_open = False


class Memory:
    """A keeper and database in memory, for a SageMaker without durability."""

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
