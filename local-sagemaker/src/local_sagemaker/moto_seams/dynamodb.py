"""DynamoDB, and its items: a row for each.

moto checks a condition and then writes, without a lock: two conditional writes can both succeed.
A failed transaction restores all tables to their state before it, which also undoes other threads' writes.
moto looks up each of an attribute's ten possible types under several names, which takes a millisecond per item; and
sorts the whole table for each Scan and each Query of an index, converting both keys for every comparison. It copies
every item that it answers with, attribute by attribute, although it never changes one that is no list, map or set.
"""

from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from json import dumps
from typing import Any

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import RestoredPITTable, RestoredTable, Table

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, Reduced, backends, identity

_WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
_READS = ("get_item", "query", "scan")
_SERVICES = ("dynamodb", "dynamodbstreams")
_KIND = "items"
_SCALARS = ("S", "N", "B", "BOOL", "NULL")


def install(patches: Patches) -> None:
    """Make each operation atomic as seen by all others, and reading fast."""
    patches.one_at_a_time(DynamoDBBackend, *_WRITES, *_READS)
    patches.replace(BaseJSONSerializer, "_serialize_type_structure", _writing_attributes)
    patches.replace(Table, "all_items", lambda _: _in_order)
    patches.replace(Item, "__deepcopy__", lambda _: _copied)
    patches.rely_on(DynamoType, "__eq__", "__lt__")  # they compare what cast_value gives
    patches.rely_on(BaseJSONSerializer, "_serialize_type_string", "_serialize_type_blob", "_default_serialize")


def _copied(item: Any, _: dict[int, Any]) -> Any:
    """A copy that shares what never changes: keys, and attributes of scalar types."""
    copy = object.__new__(type(item))
    copy.hash_key, copy.range_key, copy.attrs = item.hash_key, item.range_key, LimitedSizeDict()
    own = {name: value if value.type in _SCALARS else deepcopy(value) for name, value in item.attrs.items()}
    dict.update(copy.attrs, own)  # without a new check of the size for each attribute
    return copy


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


class Items:
    """The items of all tables."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._changed: dict[tuple[str, str], tuple[Any, DynamoType, DynamoType | None]] = {}
        for kind in (Table, RestoredTable, RestoredPITTable):
            pickles.leave_out[kind] = _emptied

    def install(self, patches: Patches) -> None:
        """Track each item that is put, updated or deleted."""
        patches.replace(Table, "put_item", self._noting_put)
        patches.replace(Table, "delete_item", self._noting_delete)
        patches.replace(DynamoDBBackend, "update_item", self._noting_update)

    def heard(self, request: Request, effect: Effect) -> None:
        """Mark every item as changed after a rare request: a table restored from a backup, or a PartiQL statement."""
        if request.service == "dynamodb" and effect is Effect.ALL:
            for table in _tables():
                for item in table.all_items():
                    self._note(table, item.hash_key, item.range_key)

    def save(self, database: Database) -> None:
        changed, self._changed = self._changed, {}
        for (place, name), (owner, hash_key, range_key) in changed.items():
            table = _live(owner)  # a failed transaction has restored a copy of the table
            item = table.get_item(hash_key, range_key) if table else None
            if item is None:
                database.delete(_KIND, place, name)
            else:
                database.save(_KIND, place, name, self._pickles.dump(item))

    def load(self, database: Database) -> None:
        tables = {identity(table): table for table in _tables()}
        for place, _, value in database.rows(_KIND):
            if place in tables:
                _put(tables[place], self._pickles.load(value))
            else:
                database.delete_place(_KIND, place)

    def _note(self, table: Any, hash_key: DynamoType, range_key: DynamoType | None) -> None:
        name = dumps([key.to_json() for key in (hash_key, range_key) if key], sort_keys=True, default=repr)
        self._changed[identity(table), name] = (table, hash_key, range_key)

    def _noting_put(self, original: Callable[..., Item]) -> Callable[..., Item]:
        @wraps(original)
        def put_item(table: Any, *args: Any, **kwargs: Any) -> Item:
            item = original(table, *args, **kwargs)
            self._note(table, item.hash_key, item.range_key)
            return item

        return put_item

    def _noting_delete(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def delete_item(table: Any, hash_key: DynamoType, range_key: DynamoType | None) -> Any:
            self._note(table, hash_key, range_key)
            return original(table, hash_key, range_key)

        return delete_item

    def _noting_update(self, original: Callable[..., Item]) -> Callable[..., Item]:
        @wraps(original)
        def update_item(backend: Any, table_name: str, *args: Any, **kwargs: Any) -> Item:
            item = original(backend, table_name, *args, **kwargs)
            self._note(backend.get_table(table_name), item.hash_key, item.range_key)
            return item

        return update_item


def _tables() -> list[Any]:
    return [table for backend in backends("dynamodb") for table in backend.tables.values()]


def _put(table: Any, item: Item) -> None:
    if item.range_key:
        table.items[item.hash_key][item.range_key] = item
    else:
        table.items[item.hash_key] = item


def _live(table: Any) -> Any:
    """The table now in use under this one's name, if it is the same or a copy of it."""
    found = dynamodb_backends[table.account_id][table.region_name].tables.get(table.name)
    return found if found is not None and identity(found) == identity(table) else None


def _emptied(table: Any) -> Reduced | None:
    """Reduce a table in use to its settings. A backup's table has no rows: it is pickled whole in the backup."""
    if dynamodb_backends[table.account_id][table.region_name].tables.get(table.name) is not table:
        return None
    identity(table)
    return __newobj__, (type(table),), {**vars(table), "items": defaultdict(dict)}
