"""Fingerprints of what a home holds of moto, which decide whether another version of moto can open it.

A home records a hash of the source of each class of moto whose instances it holds, and of the class's bases. A
backend's attributes are loaded into the backend that moto makes now, so that of a backend only `__init__` counts, which
shows what its attributes are. Of a local function, the function around it counts.

The price of comparing source text: a home is refused also when only a comment or a method's behaviour has changed. Not
compared are functions that a class calls, plain values that a backend's other methods store, and the classes of
libraries that moto uses.
"""

import hashlib
import inspect
import re
import textwrap
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from moto.core.base_backend import BaseBackend

from local_sagemaker.durability.database import Database, of_other_versions, unreadable
from local_sagemaker.durability.names import UnknownName, resolve
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.pickles import Pickles, is_of_moto

_KIND = "fingerprints"
_AT_MOST = 5
"""The most names in a message."""
_BACKEND = "backend "
"""Prefix of a backend's fingerprint. A pickle has no backend's class, only the name of its service."""


class Fingerprints:
    """Records what the other parts have pickled and loaded, and so comes last among them."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._recorded: set[tuple[str, str]] = set()

    def heard(self, request: Request, effect: Effect) -> None:
        """Do nothing: the pickles report what they hold."""

    def save(self, database: Database) -> None:
        for module, name in self._pickles.held - self._recorded:
            with suppress(UnknownName):  # it cannot be loaded, so that pickling it has failed
                database.save(_KIND, module, name, fingerprint(module, name).encode())
            self._recorded.add((module, name))

    def load(self, database: Database) -> None:
        """Record what is loaded, too: the releases before recorded nothing."""
        self._recorded = {(module, name) for module, name, _ in database.rows(_KIND)}
        self._pickles.note(BaseBackend)  # so that an empty home has a row
        self.save(database)


def check(database: Database, was: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Accept a home of another version of moto if what it holds is the same in this one.

    Raises: UnreadableHome."""
    recorded = [(module, name, value.decode()) for module, name, value in database.rows(_KIND)]
    if "moto" not in was or {**was, "moto": now["moto"]} != dict(now):
        raise of_other_versions(database.home, was, now)
    way = f"install moto=={was['moto']}"
    if not recorded:
        raise of_other_versions(database.home, was, now, way)
    changed = [(module, name, before) for module, name, before in recorded if before != _present(module, name)]
    held = [f"{module}.{name}" for module, name, before in changed if _holds(database, name, before)]
    if held:
        names = ", ".join(held[:_AT_MOST]) + (f" and {len(held) - _AT_MOST} more" if len(held) > _AT_MOST else "")
        raise unreadable(
            database.home, f"holds {names} of moto {was['moto']}, which moto {now['moto']} has changed", way
        )
    for module, name, _ in changed:
        database.delete(_KIND, module, name)


def fingerprint(module: str, name: str) -> str:
    """The fingerprint of a class, or of the function around a local function. Raises: UnknownName."""
    found = resolve(module, name)
    if not isinstance(found, type):
        return _of_source(module, name)
    bases = [base for base in found.__mro__ if is_of_moto(base)]
    if not issubclass(found, BaseBackend):
        return hashed("\n".join(_of_source(base.__module__, base.__qualname__) for base in bases))
    own = [base for base in bases if "__init__" in vars(base)]
    return _BACKEND + hashed("\n".join(_of_source(base.__module__, f"{base.__qualname__}.__init__") for base in own))


def hashed(source: str) -> str:
    """The hash of source text, which is the same under every Python, unlike that of bytecode or syntax trees."""
    lines = (line.rstrip() for line in textwrap.dedent(source).splitlines())
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:16]


def _present(module: str, name: str) -> str:
    """The fingerprint in this version of moto; empty if it has no such class."""
    try:
        return fingerprint(module, name)
    except UnknownName:
        return ""


def _holds(database: Database, name: str, recorded: str) -> bool:
    """Whether a row holds an instance. What was recorded may have been deleted since."""
    return recorded.startswith(_BACKEND) or database.mentions(name)


@cache
def _of_source(module: str, name: str) -> str:
    """The hash of the name's source. Cached, since all classes share a few bases."""
    return hashed(_source(module, name))


def _source(module: str, name: str) -> str:
    """The text of all definitions of that dotted name; of the whole module if the name is not defined by a statement.

    `inspect.getsource` takes far longer for a class, since it parses the whole module for each."""
    whole = text = Path(inspect.getfile(import_module(module))).read_text(encoding="utf-8")
    for part in name.split("."):
        text = "".join(_definitions(text, part))
    return text or whole


def _definitions(text: str, name: str) -> Iterator[str]:
    """Each with the lines directly above it, which are its decorators."""
    defines = re.compile(rf"^[ \t]*(class|(async\s+)?def)\s+{re.escape(name)}\b", re.MULTILINE)
    for found in defines.finditer(text):
        above = text[: found.start()].rpartition("\n\n")[2]
        yield above + _block(text[found.start() :].splitlines(keepends=True))


def _block(lines: list[str]) -> str:
    """The definition that begins in the first line; all lines if that was the text of a string."""
    try:
        return "".join(inspect.getblock(lines))
    except (tokenize.TokenError, SyntaxError):
        return "".join(lines)
