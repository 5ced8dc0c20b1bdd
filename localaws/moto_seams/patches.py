"""Replaced attributes that can be put back."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Any


class Patches:
    """Attributes of moto replaced until `undo()`."""

    def __init__(self) -> None:
        self._originals: list[tuple[Any, str, Any]] = []

    def replace(self, owner: Any, name: str, new: Callable[[Any], Any]) -> None:
        """Sets `owner.name` to `new(original)`; the original of a classmethod is the classmethod object."""
        original = vars(owner).get(name)
        self._originals.append((owner, name, original))
        setattr(owner, name, new(original))

    def one_at_a_time(self, owner: Any, *names: str) -> None:
        """Lets only one thread at a time into these methods of a class, all of them together."""
        lock = RLock()
        for name in names:
            self.replace(owner, name, lambda original: _locked(lock, original))

    def undo(self) -> None:
        """Puts everything back, last first; a second call changes nothing."""
        while self._originals:
            owner, name, original = self._originals.pop()
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


def _locked(lock: RLock, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    return call
