"""Every constraint of a request's shape in the service model, and a request that breaks just that one.

Walks the shape beside a request that is faultless; what the request does not contain is not walked.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import Shape

Path = tuple[str | int, ...]
READS_NOT = {
    "string": (7, "NUMBER_VALUE can not be converted to a String"),
    "integer": ("7", "STRING_VALUE can not be converted to an Integer"),
    "long": ("7", "STRING_VALUE can not be converted to a Long"),
    "float": ("7", "STRING_VALUE can not be converted to a Float"),
    "boolean": ("true", "STRING_VALUE can not be converted to a Boolean"),
    "list": ({"a": "b"}, "Expected list or null"),
    "map": ("a", "Expected null or a structure or map"),
    "structure": ("a", "Expected null or a structure or map"),
}
"""For each type a value of another, and what AWS's JSON protocol says to it."""


@dataclass(frozen=True)
class Violation:
    """`where` is the constraint's place, without numbers and keys; `says` is in the refusal's message, part by part."""

    where: str
    constraint: str
    code: str
    says: tuple[str, ...]
    request: dict[str, Any]


def constraints(shape: Shape, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, constraint) of all that a request of this shape can break."""
    for constraint, value in shape.metadata.items():
        if _can_be_broken(shape, constraint, value):
            yield where, constraint
    if where:
        yield where, "type"
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            below = f"{where}.{name}" if where else name
            if name in shape.required_members:
                yield below, "required"
            yield from constraints(member, below)
    elif shape.type_name == "list":
        yield from constraints(shape.member, f"{where}[]")
    elif shape.type_name == "map":
        yield from ((at, one) for at, one in constraints(shape.key, f"{where}{{key}}") if one != "type")
        yield from constraints(shape.value, f"{where}{{}}")


def violations(shape: Shape, request: dict[str, Any]) -> Iterator[Violation]:
    """One for each constraint of each member that the faultless request has."""
    for where, path, inner, value, required in _members(shape, request, "", ()):
        wrong, says = READS_NOT[inner.type_name]
        yield Violation(where, "type", "SerializationException", (says,), _with(request, path, wrong))
        for constraint, text, spoilt in _spoilt(inner, value):
            yield _violation(where, constraint, path, text, _with(request, path, spoilt))
        if required:
            yield _violation(where, "required", path, "not be null", _without(request, path))
        if inner.type_name == "map":
            key, item = next(iter(value.items()))
            for constraint, text, spoilt in _spoilt(inner.key, key):
                renamed = _with(request, path, {spoilt: item})
                yield _violation(f"{where}{{key}}", constraint, (*path, key), text, renamed)


def _violation(where: str, constraint: str, path: Path, text: str, request: dict[str, Any]) -> Violation:
    """AWS names the list or map whose plain item is wrong, not the item."""
    is_item = where.endswith(("[]", "{}", "{key}"))
    says = (f"at '{_shown(path[:-1] if is_item else path)}' failed to satisfy constraint: ", f"Member must {text}")
    return Violation(where, constraint, "ValidationException", says, request)


def _can_be_broken(shape: Shape, constraint: str, value: Any) -> bool:
    """Nothing is shorter than nothing, and one pattern allows everything."""
    if constraint == "min":
        return bool(value > 0 or shape.type_name in ("integer", "long"))
    return constraint in ("max", "enum") or (constraint == "pattern" and value != r"[\S\s]*")


def _members(
    shape: Any, value: Any, where: str, path: Path, required: bool = False
) -> Iterator[tuple[str, Path, Any, Any, bool]]:
    if path:
        yield where, path, shape, value, required
    if shape.type_name == "structure":
        for name, item in value.items():
            below = f"{where}.{name}" if where else name
            yield from _members(shape.members[name], item, below, (*path, name), name in shape.required_members)
    elif shape.type_name == "list" and value:
        yield from _members(shape.member, value[0], f"{where}[]", (*path, 0))
    elif shape.type_name == "map" and value:
        key = next(iter(value))
        yield from _members(shape.value, value[key], f"{where}{{}}", (*path, key))


def _spoilt(shape: Any, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Each constraint, in AWS's words, and a value that breaks it."""
    for constraint, limit in shape.metadata.items():
        if _can_be_broken(shape, constraint, limit):
            yield constraint, *_breaking(shape, constraint, limit, value)


def _breaking(shape: Any, constraint: str, limit: Any, value: Any) -> tuple[str, Any]:
    """The constraint in AWS's words, and a value that breaks it."""
    if constraint == "enum":
        return f"satisfy enum value set: [{', '.join(limit)}]", "Bogus"
    if constraint == "pattern":
        return f"satisfy regular expression pattern: {limit}", f"{value}\n"
    size = limit - 1 if constraint == "min" else limit + 1
    bound = "greater" if constraint == "min" else "less"
    word = "value" if shape.type_name in ("integer", "long") else "length"
    return f"have {word} {bound} than or equal to {limit}", _of_size(shape.type_name, size, value)


def _of_size(kind: str, size: int, value: Any) -> Any:
    if kind == "list":
        return [value[0]] * size
    if kind == "map":
        key, item = next(iter(value.items()))
        return {f"{key[:-3]}a{number:03}": item for number in range(size)}
    return value[0] * size if kind == "string" else size


def _with(request: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    whole = json.loads(json.dumps(request))
    _inner(whole, path)[path[-1]] = value
    return whole


def _without(request: dict[str, Any], path: Path) -> dict[str, Any]:
    whole = json.loads(json.dumps(request))
    del _inner(whole, path)[path[-1]]
    return whole


def _inner(value: Any, path: Path) -> Any:
    for step in path[:-1]:
        value = value[step]
    return value


def _shown(path: Path) -> str:
    """As AWS writes it: members with a small initial, items of lists counted from one."""
    return ".".join(f"{step + 1}.member" if isinstance(step, int) else step[:1].lower() + step[1:] for step in path)
