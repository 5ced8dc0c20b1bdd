"""Serializes dataclasses as JSON.

JSON values are stored unchanged; a tuple, a set, bytes, a path, a time, a `threading.Event` or a nested dataclass
becomes an object with a member `~` that names its kind. A field with `metadata=NOT_KEPT` is not stored and gets its
default when it is read. A field that an older row lacks gets its default too.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import Field, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from local_sagemaker.durability.names import resolve

T = TypeVar("T")
NOT_KEPT = {"not kept": True}
_MARK = "~"


def to_json(value: Any) -> bytes:
    """Serialize a dataclass instance. Raises: TypeError: a field holds a value of an unsupported type."""
    return json.dumps({each.name: _encoded(getattr(value, each.name)) for each in _kept(value)}).encode()


def from_json(kind: type[T], data: bytes) -> T:
    """Restore the instance; members without a field are ignored. Raises: UnknownName."""
    return _built(kind, json.loads(data))


def _kept(kind: Any) -> list[Field[Any]]:
    return [each for each in fields(kind) if not each.metadata.get("not kept")]


def _built(kind: type[T], values: dict[str, Any]) -> T:
    known = _kept(kind)
    given = {each.name: _decoded(values[each.name]) for each in known if each.name in values}
    made = kind(**{each.name: given[each.name] for each in known if each.init and each.name in given})
    for each in known:
        if not each.init and each.name in given:
            object.__setattr__(made, each.name, given[each.name])
    return made


def _encoded(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value) and _MARK not in value:
            return {key: _encoded(item) for key, item in value.items()}
        return {_MARK: "dict", "value": [[_encoded(key), _encoded(item)] for key, item in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        named = f"{type(value).__module__}:{type(value).__qualname__}"
        return {_MARK: named, "value": {each.name: _encoded(getattr(value, each.name)) for each in _kept(value)}}
    for kind, (name, encode, _) in _FORMS.items():
        if isinstance(value, kind):
            return {_MARK: name, "value": encode(value)}
    raise TypeError(f"a {type(value).__name__} cannot be stored: give its field metadata=NOT_KEPT")


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _MARK not in value:
        return {key: _decoded(item) for key, item in value.items()}
    name, inner = value[_MARK], value["value"]
    if name == "dict":
        return {_decoded(key): _decoded(item) for key, item in inner}
    if ":" in name:
        module, _, qualified = name.partition(":")
        return _built(resolve(module, qualified), inner)
    return next(decode for known, _, decode in _FORMS.values() if known == name)(inner)


def _event(is_set: bool) -> Event:
    event = Event()
    if is_set:
        event.set()
    return event


_FORMS: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    tuple: ("tuple", lambda value: [_encoded(item) for item in value], lambda inner: tuple(map(_decoded, inner))),
    set: ("set", lambda value: [_encoded(item) for item in value], lambda inner: set(map(_decoded, inner))),
    frozenset: ("frozenset", lambda value: list(map(_encoded, value)), lambda inner: frozenset(map(_decoded, inner))),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode(), base64.b64decode),
    Path: ("path", str, Path),
    datetime: ("datetime", datetime.isoformat, datetime.fromisoformat),
    Event: ("event", Event.is_set, _event),
}
