"""Validates requests against botocore's service model: required members, types, lengths, ranges, patterns, enums.

botocore checks only some of this before it sends a request; AWS checks all of it, and so do we, with AWS's messages.
One rule is stricter: AWS ignores unknown members; here they are rejected, since they would have no effect.
"""

from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid
from local_sagemaker.sagemaker.protocol.patterns import matcher
from local_sagemaker.sagemaker.protocol.serialization import check_types

_READ = 10_000
"""For longer strings only the length is checked: no pattern allows them, and some would take minutes to match."""


@cache
def service_model() -> ServiceModel:
    """SageMaker's service model in the installed botocore."""
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def validate(operation: str, request: Any) -> None:
    """Raises: ServiceError: SerializationException for a value of a wrong type, else ValidationException with all
    constraints that the request violates."""
    shape = service_model().operation_model(operation).input_shape
    if shape is None:
        return
    try:
        check_types(shape, request if request is not None else {})
        found = list(_broken(shape, request if request is not None else {}, ""))
    except RecursionError as error:  # a SearchExpression can contain itself
        raise ServiceError("SerializationException", "The request is nested too deeply.") from error
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise invalid(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def without_nulls(value: Any) -> Any:
    """Remove null members: AWS treats them as absent."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def _broken(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for text in _broken_limits(shape, value):
        yield _failed(value, path, text)
    if shape.type_name == "structure":
        yield from _broken_members(shape, value, path)
    elif shape.type_name == "list":
        yield from _broken_items(shape.member, list(enumerate(value, start=1)), value, path, "Member")
    elif shape.type_name == "map":
        yield from _broken_items(shape.key, [(key, key) for key in value], value, path, "Map keys")
        yield from _broken_items(shape.value, list(value.items()), value, path, "Map value")


def _broken_items(shape: Shape, items: list[tuple[Any, Any]], whole: Any, path: str, word: str) -> Iterator[str]:
    """Check the items of a list or a map. Violations within structures have their own path; for plain values, all
    limits are reported."""
    for step, item in items:
        if item is None:
            yield _failed(None, f"{path}.{step}.member", "Member must not be null")
        elif shape.type_name in ("structure", "list", "map"):
            yield from _broken(shape, item, f"{path}.{step}.member")
        elif any(_broken_limits(shape, item)):
            yield _failed(whole, path, f"{word} must satisfy constraint: [{', '.join(_limits(shape))}]")
            return


def _broken_members(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed(None, _below(path, name), "Member must not be null")
    for name, item in value.items():
        if name not in shape.members:
            yield f"Unknown member '{_below(path, name)}'"
        elif item is not None:
            yield from _broken(shape.members[name], item, _below(path, name))


def _broken_limits(shape: Shape, value: Any) -> Iterator[str]:
    limits = shape.metadata
    is_number = isinstance(value, (int, float))
    size = value if is_number else len(value) if isinstance(value, (str, list, dict)) else None
    if size is not None and "max" in limits and size > limits["max"]:
        yield _bound(shape, "max")
    if size is not None and "min" in limits and size < limits["min"]:
        yield _bound(shape, "min")
    if "enum" in limits and value not in limits["enum"]:
        yield _enum(shape)
    if "pattern" in limits and len(value) <= _READ and not matcher(limits["pattern"]).fullmatch(value):
        yield _pattern(shape)


def _limits(shape: Shape) -> Iterator[str]:
    """All limits of a shape, in AWS's order."""
    texts = {"max": partial(_bound, shape, "max"), "min": partial(_bound, shape, "min")}
    texts |= {"enum": partial(_enum, shape), "pattern": partial(_pattern, shape)}
    yield from (text() for limit, text in texts.items() if limit in shape.metadata)


def _bound(shape: Shape, limit: str) -> str:
    word = "value" if shape.type_name in ("integer", "long", "float", "double") else "length"
    side = "less" if limit == "max" else "greater"
    return f"Member must have {word} {side} than or equal to {shape.metadata[limit]}"


def _enum(shape: Shape) -> str:
    return f"Member must satisfy enum value set: [{', '.join(shape.metadata['enum'])}]"


def _pattern(shape: Shape) -> str:
    return f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}"


def _below(path: str, name: str) -> str:
    small = name[:1].lower() + name[1:]
    return f"{path}.{small}" if path else small


def _failed(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown if value is None else shown[:200]} at '{path}' failed to satisfy constraint: {constraint}"
