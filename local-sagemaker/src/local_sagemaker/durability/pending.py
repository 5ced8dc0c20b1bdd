"""Events on their way to functions."""

import uuid

from local_sagemaker.durability.keeper import Keeper

_KIND = "pending events"


class PendingEvents:
    """One row for each event, from when it is sent until a function has handled it or all attempts have failed."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add(self, function_arn: str, payload: bytes) -> str:
        name = uuid.uuid4().hex
        with self._keeper.changing():
            self._keeper.database.save(_KIND, "", name, function_arn.encode() + b"\0" + payload)
        return name

    def remove(self, name: str) -> None:
        with self._keeper.changing():
            self._keeper.database.delete(_KIND, "", name)

    def all(self) -> list[tuple[str, str, bytes]]:
        """(name, function's ARN, payload), oldest first."""
        with self._keeper.changing():
            rows = list(self._keeper.database.rows(_KIND))
        split = [(name, *value.partition(b"\0")) for _, name, value in rows]
        return [(name, arn.decode(), payload) for name, arn, _, payload in split]
