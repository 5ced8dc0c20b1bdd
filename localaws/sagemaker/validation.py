"""Requests against botocore's own service model: required members, types, lengths, ranges, patterns, enums.

botocore checks only some of this before it sends; AWS checks all of it, and so do we, in AWS's words.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from localaws.sagemaker.errors import invalid

_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": (int, float, str),
    "structure": dict,
    "list": list,
    "map": dict,
}
_SEPARATORS = r"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
r"""Unicode's category Z, for the inside of a class; `\s` would let tabs and line feeds pass."""


@cache
def service_model() -> ServiceModel:
    """SageMaker's, of the botocore that is installed."""
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def validate(operation: str, request: dict[str, Any]) -> None:
    """Raises: ServiceError: ValidationException with every constraint that the request breaks."""
    shape = service_model().operation_model(operation).input_shape
    found = list(_broken(shape, request, "")) if shape else []
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise invalid(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def _broken(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = _KINDS.get(shape.type_name)
    is_bool_for_number = isinstance(value, bool) and shape.type_name != "boolean"
    if kind and (not isinstance(value, kind) or is_bool_for_number):
        yield _failed(value, path, f"Member must be of type {shape.type_name}")
        return
    yield from _broken_limits(shape, value, path)
    if shape.type_name == "structure":
        yield from _broken_members(shape, value, path)
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _broken(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _broken(shape.key, key, path)
            yield from _broken(shape.value, item, f"{path}.{key}.member")


def _broken_members(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed(None, _below(path, name), "Member must not be null")
    for name, item in value.items():
        if name not in shape.members:
            yield f"Unknown member '{_below(path, name)}'"
        elif item is not None:
            yield from _broken(shape.members[name], item, _below(path, name))


def _broken_limits(shape: Shape, value: Any, path: str) -> Iterator[str]:
    limits = shape.metadata
    if "enum" in limits and value not in limits["enum"]:
        yield _failed(value, path, f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]")
    pattern = limits.get("pattern")
    if pattern and isinstance(value, str) and not _matches(pattern, value):
        yield _failed(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    is_number = isinstance(value, (int, float))
    size = value if is_number else len(value) if isinstance(value, (str, list, dict)) else None
    word = "value" if is_number else "length"
    if size is not None and "min" in limits and size < limits["min"]:
        yield _failed(value, path, f"Member must have {word} greater than or equal to {limits['min']}")
    if size is not None and "max" in limits and size > limits["max"]:
        yield _failed(value, path, f"Member must have {word} less than or equal to {limits['max']}")


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for the few patterns that use what Python's `re` does not know."""
    try:
        return re.compile(pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", _SEPARATORS).replace(r"\p{N}", r"\d"))
    except re.error:
        return None


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


def _below(path: str, name: str) -> str:
    small = name[:1].lower() + name[1:]
    return f"{path}.{small}" if path else small


def _failed(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown if value is None else shown[:200]} at '{path}' failed to satisfy constraint: {constraint}"
