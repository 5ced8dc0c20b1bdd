"""The searchable properties of a resource, resolved in the service model by their dotted names.

API_Filter documents the forms `Metrics.<name>`, `HyperParameters.<name>` and `Tags.<key>`; all other names are paths in
the resource's SearchRecord, through the elements of lists. What follows a map's name is a key, dots included.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import Shape

from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid

TEXT, NUMBER, BOOLEAN, TIMESTAMP = "text", "numeric", "Boolean", "timestamp"
HYPERPARAMETER, OBJECT = "hyperparameter", "object"
"""A hyperparameter is text that compares as a number; an object has no value to compare."""

_KINDS = {
    "string": TEXT,
    "boolean": BOOLEAN,
    "timestamp": TIMESTAMP,
    **dict.fromkeys(("integer", "long", "float", "double"), NUMBER),
}
_METRICS = "FinalMetricDataList"

Record = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """`values` returns all values that a record has, several if the path leads through a list; `shape` is None for
    metrics and tags, which the service model does not name."""

    name: str
    kind: str
    values: Callable[[Record], list[Any]]
    shape: Shape | None = None


def find(shape: Any, name: str) -> Property:
    """Find a property of the resource with this shape. Raises: ServiceError: it has none of that name."""
    first, _, rest = name.partition(".")
    members = getattr(shape, "members", {})
    if first == "Tags" and rest and members.keys() & {"Tags", "Model"}:
        return Property(name, TEXT, lambda record: [one["Value"] for one in tags(record) if one["Key"] == rest])
    if first == "Metrics" and rest and _METRICS in members:
        return Property(name, NUMBER, lambda record: _metric(record, rest))
    steps, found = _path(shape, name)
    kind = HYPERPARAMETER if first == "HyperParameters" and rest else _KINDS.get(found.type_name, OBJECT)
    return Property(name, kind, lambda record: list(_values(record, steps)), found)


def tags(record: Record) -> list[dict[str, str]]:
    """The record's tags; a record of the resource Model holds them in its member `Model`."""
    found: list[dict[str, str]] = record.get("Tags") or record.get("Model", {}).get("Tags") or []
    return found


def unknown(name: str) -> ServiceError:
    return invalid(f"Unknown property name: {name}")


def element(shape: Any) -> Any:
    """The shape of a list's elements, or the shape itself."""
    while shape.type_name == "list":
        shape = shape.member
    return shape


def _path(shape: Any, name: str) -> tuple[list[str], Any]:
    """The members that lead to the property, and its shape."""
    steps: list[str] = []
    rest, found = name, element(shape)
    while rest:
        if found.type_name == "map":
            return [*steps, rest], element(found.value)
        step, _, rest = rest.partition(".")
        if found.type_name != "structure" or step not in found.members:
            raise unknown(name)
        steps.append(step)
        found = element(found.members[step])
    if name.endswith("."):
        raise unknown(name)
    return steps, found


def _values(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, steps)
    elif not steps:
        yield value
    elif value.get(steps[0]) is not None:
        yield from _values(value[steps[0]], steps[1:])


def _metric(record: Record, name: str) -> list[Any]:
    return [one["Value"] for one in record.get(_METRICS, ()) if one["MetricName"] == name]
