"""Replaced attributes that can be put back, and a record of what they were."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

_ABSENT = object()


class SeamBroken(Exception):
    """moto is not what a seam was written for; the message names the owner, the attribute and the seam's file."""


@dataclass(frozen=True)
class Seam:
    """An attribute of moto that `file` relies on. `original` is as moto has it, such as a classmethod object; None
    where the seam added the attribute."""

    file: str
    owner: Any
    name: str
    original: Any
    is_inherited: bool = False

    @property
    def attribute(self) -> str:
        return f"{_full_name(self.owner)}.{self.name}"


class Patches:
    """Attributes of moto replaced until `undo()`. `seams` is a record of them, which `undo()` keeps."""

    def __init__(self) -> None:
        self.seams: list[Seam] = []
        self._undo: list[Callable[[], None]] = []

    def replace(self, owner: Any, name: str, new: Callable[[Any], Any]) -> None:
        """Set `owner.name` to `new(original)`; the original of a classmethod is the classmethod object.

        An inherited original is overridden in `owner` alone. Raises: SeamBroken: there is no such attribute."""
        original = inspect.getattr_static(owner, name, _ABSENT)
        self.rely_on(owner, name)
        self._set(owner, name, new(original))

    def add(self, owner: Any, name: str, new: Any) -> None:
        """Give `owner` an attribute that moto lacks. Raises: SeamBroken: moto has it."""
        if inspect.getattr_static(owner, name, _ABSENT) is not _ABSENT:
            raise SeamBroken(f"{_full_name(owner)} has `{name}` already, which {_seam_file()} adds: read moto again.")
        self.seams.append(Seam(_seam_file(), owner, name, None))
        self._set(owner, name, new)

    def one_at_a_time(self, owner: Any, *names: str) -> None:
        """Let only one thread at a time into these methods of a class, all of them together.

        Raises: SeamBroken: there is no such method."""
        lock = RLock()
        for name in names:
            self.replace(owner, name, lambda original: _locked(lock, original))

    def rely_on(self, owner: Any, *names: str) -> None:
        """Record attributes whose code a seam was written for, whether it replaces them or not.

        Raises: SeamBroken: there is no such attribute."""
        for name in names:
            original, is_inherited = inspect.getattr_static(owner, name, _ABSENT), name not in vars(owner)
            if original is _ABSENT:
                raise SeamBroken(f"{_full_name(owner)} has no `{name}`, which {_seam_file()} needs: read moto again.")
            for seam in self.seams:
                if seam.owner is owner and seam.name == name:  # moto's, not what another seam has put in its place
                    original, is_inherited = seam.original, seam.is_inherited
            self.seams.append(Seam(_seam_file(), owner, name, original, is_inherited))

    def undo(self) -> None:
        """Put everything back, last first; a second call changes nothing."""
        while self._undo:
            self._undo.pop()()

    def _set(self, owner: Any, name: str, new: Any) -> None:
        before = vars(owner).get(name, _ABSENT)
        self._undo.append(partial(delattr, owner, name) if before is _ABSENT else partial(setattr, owner, name, before))
        setattr(owner, name, new)


def _full_name(owner: Any) -> str:
    """Of a module or a class."""
    return owner.__name__ if isinstance(owner, ModuleType) else f"{owner.__module__}.{owner.__qualname__}"


def _seam_file() -> str:
    """The path, within the folder of the seams, of the file that called into this one."""
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__ and frame.f_back:
        frame = frame.f_back
    path, folder = Path(frame.f_code.co_filename), Path(__file__).parents[1]
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _locked(lock: RLock, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    return call
