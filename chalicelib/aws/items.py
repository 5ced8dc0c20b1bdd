"""Convert values to and from DynamoDB's wire format."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.state import Decided, Head, JobItem, JobStatus, Phase

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize
_WHOLE = ("attempt", "episode")
_SMALLEST = 1e-130
"""DynamoDB keeps no smaller number."""
_CAUSE = ("code", "about", "listing")


def wire(value: Any) -> dict[str, Any]:
    """Encode one attribute value; floats become decimals with every digit, or 0 if they are too small."""
    return dict(_serialize(_plain(value)))


def head_of(item: Mapping[str, Any] | None, dataset: str) -> Head:
    """Return the head in `item`, or a new one for a dataset that is not in the ledger yet."""
    if not item:
        return Head(dataset)
    values = _values(item, Head)
    values["phase"] = Phase(values.get("phase", Phase.IDLE))
    return Head(**{**values, "decided": _decided_of(native(item))})


def decided_attributes(decided: Decided | None) -> dict[str, Any]:
    """The head's attributes for a decision: what every release can read, and beside it the cause.

    A release from before codes takes `decided` as a whole and knows no more members, and a failed update of the stack
    brings it back. It leaves `cause` as it is: that belongs to the decision with the same `since` alone."""
    if decided is None:
        return {"decided": None, "cause": None}
    values = asdict(decided)
    cause = {name: values.pop(name) for name in _CAUSE}
    return {"decided": values, "cause": {**cause, "since": decided.since} if decided.code else None}


def _decided_of(item: Mapping[str, Any]) -> Decided | None:
    decided, cause = item.get("decided"), item.get("cause") or {}
    if not decided:
        return None
    if cause.get("since") != decided["since"]:
        cause = {}
    return Decided(**_known({**decided, **{name: cause.get(name) for name in _CAUSE}}, Decided))


def job_of(item: Mapping[str, Any]) -> JobItem:
    """Return the attempt in `item`."""
    values = _values(item, JobItem)
    values["status"] = JobStatus(values["status"])
    return JobItem(**values)


def champion_of(item: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the champion in `item`: `tuning_job`, `training_job`, `objective`, `model_uri`, `version`; or None."""
    if not item:
        return None
    values = {name: value for name, value in native(item).items() if name not in ("pk", "sk")}
    return {**values, "version": int(values["version"])}


def native(item: Mapping[str, Any]) -> dict[str, Any]:
    """Decode an item into Python's own types; numbers become floats."""
    return {name: _float(_deserialize(value)) for name, value in item.items()}


def _values(item: Mapping[str, Any], kind: type) -> dict[str, Any]:
    values = _known(native(item), kind)
    return {name: int(value) if name in _WHOLE else value for name, value in values.items()}


def _known(values: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """Those that this release knows: a later one may have written more."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float):
        return Decimal(0) if abs(value) < _SMALLEST else Decimal(repr(value))
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    return value


def _float(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: _float(inner) for name, inner in value.items()}
    return value
