"""Replaced attributes that can be put back."""

from collections.abc import Callable
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

    def undo(self) -> None:
        """Puts everything back, last first; a second call changes nothing."""
        while self._originals:
            owner, name, original = self._originals.pop()
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
