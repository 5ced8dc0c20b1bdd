"""The ledger's items about the training image: which tag is pinned, and which image was current at the last check.

They are in the same table as the datasets' items: `pk` is `image`; `sk` is `pin` or `seen`.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.aws.items import native
from chalicelib.aws.table import Table

_PK = "image"


@dataclass(frozen=True)
class Seen:
    """The current image at the last check, and how many current images there had been by then."""

    image: str | None = None
    number: int = 0


class ImageLedger:
    """Two items of the ledger's table, read consistently."""

    def __init__(self, dynamodb: Any, table: str):
        self._table = Table(dynamodb, table)

    def pinned(self) -> str | None:
        """Return the pinned tag, or None if the newest build is used."""
        item = self._table.get(_PK, "pin")
        tag = native(item).get("tag") if item else None
        return None if tag is None else str(tag)

    def pin(self, tag: str | None, now: float) -> None:
        """Pin a tag in place of any other; None unpins. A second call changes nothing."""
        self._table.update(_PK, "pin", {"tag": tag, "at": now}, {})

    def seen(self) -> Seen:
        """Return what `see` wrote last."""
        item = self._table.get(_PK, "seen")
        values = native(item) if item else {}
        return Seen(values.get("image"), int(values.get("number", 0)))

    def see(self, image: str, before: Seen) -> None:
        """Record the current image. Raises: LostRace: another invocation has recorded one since `before`."""
        expected = {"number": before.number or None}
        self._table.update(_PK, "seen", {"image": image, "number": before.number + 1}, expected)
