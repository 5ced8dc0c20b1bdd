"""Requests against botocore's own service model: required members, types, lengths, ranges, patterns, enums.

botocore checks only some of this before it sends; AWS checks all of it, and so do we, in AWS's words. One thing is
stricter: AWS ignores members that it does not know, here they are refused, for nothing would come of them.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from localaws.sagemaker.errors import invalid
from localaws.sagemaker.patterns import matcher
from localaws.sagemaker.serialization import check_types

_READ = 10_000
"""Of a longer string only the length is judged: no pattern allows it, and some would take minutes to say so."""


@cache
def service_model() -> ServiceModel:
    """SageMaker's, of the botocore that is installed."""
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def validate(operation: str, request: Any) -> None:
    """Raises: ServiceError: SerializationException for what cannot be read, else ValidationException with every
    constraint that the request breaks."""
    shape = service_model().operation_model(operation).input_shape
    if shape is None:
        return
    check_types(shape, request if request is not None else {})
    found = list(_broken(shape, request if request is not None else {}, ""))
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise invalid(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def without_nulls(value: Any) -> Any:
    """The request with its nulls gone: to AWS a member that is null is one that is not there."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def _broken(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if value is None:
        yield _failed(None, path, "Member must not be null")
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
    if pattern and isinstance(value, str) and len(value) <= _READ and not matcher(pattern).fullmatch(value):
        yield _failed(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    is_number = isinstance(value, (int, float))
    size = value if is_number else len(value) if isinstance(value, (str, list, dict)) else None
    word = "value" if is_number else "length"
    if size is not None and "min" in limits and size < limits["min"]:
        yield _failed(value, path, f"Member must have {word} greater than or equal to {limits['min']}")
    if size is not None and "max" in limits and size > limits["max"]:
        yield _failed(value, path, f"Member must have {word} less than or equal to {limits['max']}")


def _below(path: str, name: str) -> str:
    small = name[:1].lower() + name[1:]
    return f"{path}.{small}" if path else small


def _failed(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown if value is None else shown[:200]} at '{path}' failed to satisfy constraint: {constraint}"
