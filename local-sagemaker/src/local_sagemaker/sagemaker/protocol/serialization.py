"""Checks the type of each value, as AWS's JSON protocol does before validation.

AWS returns SerializationException for a value of a wrong type before it checks any constraint. The messages are those
observed from AWS services. One leniency of AWS is omitted: it truncates a fraction where a whole number is expected;
here that is rejected like any other wrong type.
"""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import Any

from botocore.model import Shape

from local_sagemaker.sagemaker.protocol.errors import ServiceError

_NAMES = {
    "string": "a String",
    "boolean": "a Boolean",
    "timestamp": "a Timestamp",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
}
_BITS = {"integer": 31, "long": 63}
_SMALL = 3.4028235677973366e38
"""From this value on, nothing rounds to a finite 32-bit float."""


def check_types(shape: Shape, request: Any) -> None:
    """Raises: ServiceError: SerializationException for the first value of a wrong type."""
    for fault in _unreadable(shape, request):
        raise ServiceError("SerializationException", fault)


def _unreadable(shape: Shape, value: Any) -> Iterator[str]:
    if value is None:
        return
    kind = shape.type_name
    if kind in ("structure", "map"):
        yield from _unreadable_members(shape, value)
    elif kind == "list":
        if not isinstance(value, list):
            yield "Expected list or null"
            return
        for item in value:
            yield from _unreadable(shape.member, item)
    elif isinstance(value, dict):
        yield "Start of structure or map found where not expected."
    elif isinstance(value, list):
        yield "Start of list found where not expected"
    elif not _reads(kind, value):
        yield f"{_token(value)} can not be converted to {_NAMES[kind]}"


def _unreadable_members(shape: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        is_list = isinstance(value, list)
        yield "Start of list found where not expected" if is_list else "Expected null or a structure or map"
        return
    for name, item in value.items():
        if shape.type_name == "map":
            yield from _unreadable(shape.value, item)
        elif name in shape.members:
            yield from _unreadable(shape.members[name], item)


def _reads(kind: str, value: Any) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "timestamp":
        return _is_a_time(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in _BITS:
        return is_number and isinstance(value, int) and -(1 << _BITS[kind]) <= value < 1 << _BITS[kind]
    return is_number and _is_finite(value) and (kind != "float" or abs(value) < _SMALL)


def _is_a_time(value: Any) -> bool:
    """Epoch seconds within the years 1 to 9999, or ISO 8601."""
    try:
        if isinstance(value, str):
            datetime.fromisoformat(value).timestamp()
        else:
            datetime.fromtimestamp(value)
    except (ValueError, OverflowError, TypeError, OSError):
        return False
    return not isinstance(value, bool)


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # a whole number too large for a float
        return False


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
