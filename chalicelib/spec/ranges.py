"""The short form of a range: `"degree": [1, 3]` and `"prune": ["TRUE", "FALSE"]`. Pure."""

from collections.abc import Mapping
from typing import Any

from chalicelib.algorithm import HYPERPARAMETERS


def written_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec with each short range in its long form, so that both have one fingerprint.

    Its type and scaling are the algorithm's. What is no short form stays as it is."""
    ranges = given.get("ranges")
    if not isinstance(ranges, dict):
        return dict(given)
    return {**given, "ranges": {name: _written_out(name, bounds) for name, bounds in ranges.items()}}


def form(name: str) -> str:
    """Return an example of the short form."""
    known = HYPERPARAMETERS.get(name)
    if known and known.values:
        values = ", ".join(f'"{value}"' for value in known.values)
        return f'as in "{name}": [{values}]'
    return f'as in "{name}": [<min>, <max>]'


def _written_out(name: str, bounds: Any) -> Any:
    known = HYPERPARAMETERS.get(name)
    if not known or not isinstance(bounds, list):
        return bounds
    if bounds and all(isinstance(value, str) for value in bounds):
        return {"type": "categorical", "values": bounds}
    if known.kind == "categorical" or len(bounds) != 2 or not all(map(_is_number, bounds)):
        return bounds
    scaling = {} if known.scaling == "Auto" else {"scaling": known.scaling}
    return {"type": known.kind, "min": bounds[0], "max": bounds[1], **scaling}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
