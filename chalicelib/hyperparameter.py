"""What a hyperparameter accepts, and which type of range can tune it. Pure."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
"""A group that matches a number with sign and exponent, in a hyperparameter and in the log."""


@dataclass(frozen=True)
class Hyperparameter:
    """A tunable hyperparameter: `kind` is its type of range; `must` describes a valid value."""

    kind: Literal["integer", "continuous", "categorical"]
    must: str
    accepts: Callable[[str], bool]
    scaling: Literal["Auto", "Logarithmic"] = "Auto"
    """Of a range in short form."""
    values: tuple[str, ...] = ()
    """All valid values, if they can be listed."""


def whole(least: int, most: int) -> Hyperparameter:
    """Accept a whole number within limits, in decimal digits."""

    def accepts(value: str) -> bool:
        return bool(re.fullmatch("[0-9]{1,10}", value)) and least <= int(value) <= most

    return Hyperparameter("integer", f"a whole number from {least} to {most}", accepts)


def real(must: str, holds: Callable[[float], bool], scaling: Literal["Auto", "Logarithmic"] = "Auto") -> Hyperparameter:
    """Accept a decimal number for which `holds` is true."""

    def accepts(value: str) -> bool:
        return bool(re.fullmatch(NUMBER, value)) and math.isfinite(float(value)) and holds(float(value))

    return Hyperparameter("continuous", must, accepts, scaling)


def one_of(*values: str) -> Hyperparameter:
    """Accept one of these values."""
    must = f"{', '.join(values[:-1])} or {values[-1]}"
    return Hyperparameter("categorical", must, lambda value: value in values, values=values)


@dataclass(frozen=True)
class Asked:
    """A value that a tuning spec asks for, and its key: `static.nk`, `ranges.nk.min` or `ranges.engine.values`."""

    key: str
    value: str


def least_of(asked: Sequence[Asked]) -> Asked:
    """Return the value of a whole-number hyperparameter that is the least."""
    return min(asked, key=lambda one: int(one.value))


def most_of(asked: Sequence[Asked]) -> Asked:
    """Return the value of a whole-number hyperparameter that is the most."""
    return max(asked, key=lambda one: int(one.value))


@dataclass(frozen=True)
class Size:
    """A dataset's size, as far as it decides about training: train's complete rows, and the folds that they are in."""

    rows: int
    folds: int
    has_validation: bool = False
    is_in_order: bool = False
    """Whether each fold is predicted from the rows before it."""
