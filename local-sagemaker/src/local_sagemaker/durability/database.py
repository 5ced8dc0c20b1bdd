"""Rows of bytes in SQLite, in the order in which they were first saved."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS versions (name TEXT PRIMARY KEY, version TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
    UNIQUE (kind, place, name)
);
"""
_SAVE = """
INSERT INTO rows (kind, place, name, value) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, place, name) DO UPDATE SET value = excluded.value
"""


class UnreadableHome(Exception):
    """The home was written by another version, or is damaged; the message names the fix."""


class UnreadableRow(Exception):
    """A row's value cannot be loaded; the message says why."""


Check = Callable[["Database", Mapping[str, str], Mapping[str, str]], None]
"""Called with the versions that wrote the rows and those of now, if they differ. Raises: UnreadableHome."""


class Database:
    """Only one thread at a time may use it. Saved rows become durable with `commit()`, not before."""

    def __init__(self, path: Path, versions: Mapping[str, str], check: Check | None = None) -> None:
        """Rows of other versions are refused, or left to `check`. Raises: UnreadableHome."""
        self.home = path.parent
        self._check = check or _refuse_all
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._open(versions)
        except sqlite3.DatabaseError as error:
            self.close()
            raise unreadable(self.home, f"is damaged ({error})") from error
        except UnreadableHome:
            self.close()
            raise

    def save(self, kind: str, place: str, name: str, value: bytes) -> None:
        """Insert the row, or replace the one of this kind, place and name."""
        self._begin()
        self._connection.execute(_SAVE, (kind, place, name, value))

    def delete(self, kind: str, place: str, name: str) -> None:
        """Delete the row, if it exists."""
        self._begin()
        self._connection.execute("DELETE FROM rows WHERE kind = ? AND place = ? AND name = ?", (kind, place, name))

    def delete_place(self, kind: str, place: str) -> None:
        self._begin()
        self._connection.execute("DELETE FROM rows WHERE kind = ? AND place = ?", (kind, place))

    def clear(self, but: str) -> None:
        """Delete and commit all rows, except those of the kind `but`."""
        self._begin()
        self._connection.execute("DELETE FROM rows WHERE kind != ?", (but,))
        self.commit()

    def rows(self, kind: str) -> Iterator[tuple[str, str, bytes]]:
        """(place, name, value), oldest first."""
        asked = "SELECT place, name, value FROM rows WHERE kind = ? ORDER BY number"
        yield from self._connection.execute(asked, (kind,)).fetchall()

    def mentions(self, text: str) -> bool:
        """Whether a row's value contains the text."""
        found = self._connection.execute("SELECT 1 FROM rows WHERE instr(value, ?) LIMIT 1", (text.encode(),))
        return found.fetchone() is not None

    def is_empty(self, but: str) -> bool:
        """Whether it has no rows, or only those of the kind `but`."""
        return self._connection.execute("SELECT 1 FROM rows WHERE kind != ? LIMIT 1", (but,)).fetchone() is None

    def commit(self) -> None:
        """Commit the changes, if there are any."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close, dropping uncommitted changes. A second call changes nothing."""
        self._connection.close()

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def _open(self, versions: Mapping[str, str]) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)
        found = dict(self._connection.execute("SELECT name, version FROM versions"))
        if found and found != dict(versions):
            self._check(self, found, versions)
        self._connection.executemany("INSERT OR REPLACE INTO versions VALUES (?, ?)", sorted(versions.items()))
        self.commit()


def of_other_versions(home: Path, was: Mapping[str, str], now: Mapping[str, str], *ways: str) -> UnreadableHome:
    """The error for a home that other versions wrote."""
    before, after = (", ".join(f"{name} {each[name]}" for name in sorted(each)) for each in (was, now))
    return unreadable(home, f"was written by {before}; this is {after}", *ways)


def unreadable(home: Path, why: str, *ways: str) -> UnreadableHome:
    """The error for a home that cannot be used; `ways` are what a person can do before giving it up."""
    given = ", ".join([*ways, "pass another --home"])
    return UnreadableHome(f"{home} {why}: {given}, or delete this one to start over.")


def _refuse_all(database: Database, was: Mapping[str, str], now: Mapping[str, str]) -> None:
    raise of_other_versions(database.home, was, now)
