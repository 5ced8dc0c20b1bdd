"""A DynamoDB table with `pk` and `sk`: consistent reads and conditional updates."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.aws.faults import translated
from chalicelib.aws.items import wire


class Table:
    """Items in DynamoDB's wire format."""

    def __init__(self, dynamodb: Any, name: str):
        self._dynamodb = dynamodb
        self._name = name

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """Return the item, read consistently, or None."""
        key = {"pk": wire(pk), "sk": wire(sk)}
        with translated():
            found = self._dynamodb.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        item: dict[str, Any] | None = found.get("Item")
        return item

    def query(self, pk: str, sk_prefix: str) -> Iterator[dict[str, Any]]:
        """Yield the items of `pk` whose `sk` has this prefix, in the order of `sk`, read consistently."""
        return self._pages(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": wire(pk), ":sk": wire(sk_prefix)},
            ConsistentRead=True,
        )

    def due(self, now: float) -> Iterator[dict[str, Any]]:
        """Yield the items of the index `due` whose time has come."""
        return self._pages(
            "query",
            IndexName="due",
            KeyConditionExpression="due = :due AND wake_at <= :now",
            ExpressionAttributeValues={":due": wire("waiting"), ":now": wire(now)},
        )

    def scan(self, pk_prefix: str) -> Iterator[dict[str, Any]]:
        """Yield every item whose `pk` has this prefix, read consistently. Reads, and pays for, the whole table."""
        return self._pages(
            "scan",
            FilterExpression="begins_with(pk, :pk)",
            ExpressionAttributeValues={":pk": wire(pk_prefix)},
            ConsistentRead=True,
        )

    def update(self, pk: str, sk: str, changes: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Set (None: remove) the attributes in `changes` if those in `before` match (None: absent).

        Raises: LostRace: they do not match."""
        with translated():
            self._dynamodb.update_item(TableName=self._name, **_conditional(pk, sk, changes, before))

    def _pages(self, operation: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        with translated():
            for page in self._dynamodb.get_paginator(operation).paginate(TableName=self._name, **arguments):
                yield from page["Items"]


def _conditional(pk: str, sk: str, changes: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    names = {f"#{i}": name for i, name in enumerate({**changes, **before})}
    alias = {name: short for short, name in names.items()}
    put = [name for name in changes if changes[name] is not None]
    dropped = [name for name in changes if changes[name] is None]
    expected = [name for name in before if before[name] is not None]
    values = {f":new_{alias[name][1:]}": wire(changes[name]) for name in put}
    values |= {f":old_{alias[name][1:]}": wire(before[name]) for name in expected}
    sets = ", ".join(f"{alias[name]} = :new_{alias[name][1:]}" for name in put)
    removes = ", ".join(alias[name] for name in dropped)
    conditions = [f"{alias[name]} = :old_{alias[name][1:]}" for name in expected]
    conditions += [f"attribute_not_exists({alias[name]})" for name in before if before[name] is None]
    update: dict[str, Any] = {
        "Key": {"pk": wire(pk), "sk": wire(sk)},
        "UpdateExpression": f"SET {sets}" + (f" REMOVE {removes}" if removes else ""),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    if conditions:
        update["ConditionExpression"] = " AND ".join(conditions)
    return update
