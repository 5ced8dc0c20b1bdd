"""The hyperparameters of a search: their ranges and scales.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
"""

import re
from collections.abc import Mapping
from math import isfinite, prod
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid

MAX_TUNABLE, MAX_HYPERPARAMETERS = 30, 100
KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")
INTEGER, CONTINUOUS, CATEGORICAL = KINDS
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONG = 1 << 63


def ranges(config: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(kind, range) of every searched hyperparameter."""
    given = config.get("ParameterRanges", {})
    return [(kind, found) for kind in KINDS for found in given.get(kind, [])]


def check_search_space(searched: list[tuple[str, dict[str, Any]]], static: Mapping[str, str]) -> None:
    """Check names and bounds. Raises: ServiceError: ValidationException."""
    names = [found["Name"] for _, found in searched]
    if not names or len(names) > MAX_TUNABLE:
        raise invalid(f"Provide from 1 to {MAX_TUNABLE} hyperparameter ranges, not {len(names)}.")
    if "" in names:
        raise invalid("A hyperparameter range must have a non-empty Name.")
    doubles = {name for name in names if names.count(name) > 1 or name in static}
    if doubles:
        raise invalid(f"Hyperparameters are defined more than once: {sorted(doubles)}.")
    total = len(names) + len(static) + len({"_tuning_objective_metric"} - static.keys())
    if total > MAX_HYPERPARAMETERS:
        text = f"There are {total} hyperparameters with _tuning_objective_metric"
        raise invalid(f"{text}, more than {MAX_HYPERPARAMETERS}.")
    for kind, found in searched:
        if kind == CATEGORICAL:
            _check_values(found)
        else:
            _check_bounds(kind, found)


def combinations(searched: list[tuple[str, dict[str, Any]]]) -> int | None:
    """The number of distinct points; None if a range is continuous."""
    if any(kind == CONTINUOUS for kind, _ in searched):
        return None
    return prod(_size(kind, found) for kind, found in searched)


def _size(kind: str, found: Mapping[str, Any]) -> int:
    return len(found["Values"]) if kind == CATEGORICAL else int(found["MaxValue"]) - int(found["MinValue"]) + 1


def _check_values(found: Mapping[str, Any]) -> None:
    """Reject repeated values: AWS documents no rule for them, but they do not make a new point."""
    if len(set(found["Values"])) < len(found["Values"]):
        raise invalid(f"The categorical parameter {found['Name']} has the same value more than once.")


def _check_bounds(kind: str, found: Mapping[str, Any]) -> None:
    name = found["Name"]
    low, high = (_number(kind, name, found[end]) for end in ("MinValue", "MaxValue"))
    if not low < high:
        raise invalid(f"MinValue must be less than MaxValue for the parameter {name}: {low} and {high}.")
    scaling = found.get("ScalingType", "Auto")
    if scaling == "Logarithmic" and low <= 0:
        raise invalid(f"Logarithmic scaling needs values greater than 0 for the parameter {name}.")
    if scaling == "ReverseLogarithmic" and (kind == INTEGER or low < 0 or high >= 1):
        raise invalid(f"ReverseLogarithmic scaling needs a continuous range within [0, 1): {name}.")


def _number(kind: str, name: str, text: str) -> float:
    """Parse a 64-bit whole number, or a decimal that fits a 64-bit float; reject notations that only Python accepts."""
    if not (_WHOLE if kind == INTEGER else _DECIMAL).fullmatch(text):
        what = "whole numbers" if kind == INTEGER else "numbers"
        raise invalid(f"The range of {name} must consist of {what}, not {text[:100]!r}.")
    number = int(text) if kind == INTEGER else float(text)
    if not (isfinite(number) and -_LONG <= number < _LONG if kind == INTEGER else isfinite(number)):
        raise invalid(f"The range of {name} is out of bounds: {text[:100]}.")
    return number
