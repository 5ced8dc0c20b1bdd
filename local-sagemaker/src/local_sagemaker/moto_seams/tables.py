"""DynamoDB.

moto checks a condition and then writes, without a lock: two conditional writes can both succeed.
A failed transaction restores all tables to their state before it, which also undoes other threads' writes.
moto looks up each of an attribute's ten possible types under several names, which takes a millisecond per item; and
sorts the whole table for each Scan and each Query of an index, converting both keys for every comparison.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local_sagemaker.moto_seams.patches import Patches

_WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
_READS = ("get_item", "query", "scan")
_SERVICES = ("dynamodb", "dynamodbstreams")


def install(patches: Patches) -> None:
    """Make each operation atomic as seen by all others, and reading fast."""
    patches.one_at_a_time(DynamoDBBackend, *_WRITES, *_READS)
    patches.replace(BaseJSONSerializer, "_serialize_type_structure", _writing_attributes)
    patches.replace(Table, "all_items", lambda _: _in_order)
    patches.rely_on(DynamoType, "__eq__", "__lt__")  # they compare what cast_value gives
    patches.rely_on(BaseJSONSerializer, "_serialize_type_string", "_serialize_type_blob", "_default_serialize")


def _in_order(table: Any) -> list[Any]:
    """All items by key. Each key is converted once."""
    if table.range_key_attr:
        items = [item for by_range_key in table.items.values() for item in by_range_key.values()]
    else:
        items = list(table.items.values())
    return sorted(items, key=_keys)


def _keys(item: Any) -> tuple[Any, ...]:
    return tuple(key.cast_value for key in (item.hash_key, item.range_key) if key)


def _writing_attributes(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        is_attribute = shape.name == "AttributeValue" and type(value) is dict and len(value) == 1
        if is_attribute and serializer.operation_model.service_model.service_name in _SERVICES:
            serializer._default_serialize(serialized, _written(serializer, value), shape, key)
        else:
            original(serializer, serialized, value, shape, key)

    return serialize


def _written(serializer: Any, attribute: dict[str, Any]) -> dict[str, Any]:
    """The attribute as in a response's JSON."""
    [(kind, value)] = attribute.items()
    match kind:
        case "M":
            return {kind: {name: _written(serializer, one) for name, one in value.items()}}
        case "L":
            return {kind: [_written(serializer, one) for one in value]}
        case "B":
            return {kind: serializer._base64(value)}
        case "BS":
            return {kind: [serializer._base64(one) for one in value]}
        case "S" | "N":
            return {kind: str(value)}
        case _:
            return {kind: value}
