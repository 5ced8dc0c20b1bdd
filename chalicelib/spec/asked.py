"""What a tuning spec asks of the algorithm's hyperparameters, in `static` and `ranges` alike. Pure."""

from typing import TYPE_CHECKING

from chalicelib.algorithm import HYPERPARAMETERS, conflicts
from chalicelib.errors import Problem
from chalicelib.hyperparameter import Asked, Size

if TYPE_CHECKING:
    from chalicelib.spec.model import Range, TuningSpec


def asked_by(spec: "TuningSpec") -> dict[str, list[Asked]]:
    """Return the values by name: a static one, those of a list, or both ends of a range. Invalid ones are left out."""
    found = {name: [Asked(f"static.{name}", value)] for name, value in spec.static.items()}
    found |= {name: _of_a_range(f"ranges.{name}", bounds) for name, bounds in spec.ranges.items()}
    valid = {name: [one for one in asked if _is_valid(name, one.value)] for name, asked in found.items()}
    return {name: asked for name, asked in valid.items() if asked}


def beyond_the_size(spec: "TuningSpec", size: Size) -> tuple[Problem, ...]:
    """Return a problem for each value of a valid spec that data of this size do not allow."""
    return tuple(conflicts(asked_by(spec), size))


def _of_a_range(key: str, bounds: "Range") -> list[Asked]:
    if bounds.type == "categorical":
        return [Asked(f"{key}.values", value) for value in bounds.values]
    return [Asked(f"{key}.{end}", str(getattr(bounds, end))) for end in ("min", "max")]


def _is_valid(name: str, value: str) -> bool:
    known = HYPERPARAMETERS.get(name)
    return known is not None and known.accepts(value)
