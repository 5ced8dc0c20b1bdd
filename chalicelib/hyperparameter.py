"""What a hyperparameter accepts, and which type of range a search may give it. Pure."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
"""A number with sign and exponent, as a group: in a hyperparameter, and in the log."""


@dataclass(frozen=True)
class Hyperparameter:
    """One that a search may vary: `kind` is its type of range; `must` says what a value has to be."""

    kind: Literal["integer", "continuous", "categorical"]
    must: str
    accepts: Callable[[str], bool]


def whole(least: int, most: int) -> Hyperparameter:
    """A whole number within limits, in decimal digits."""

    def accepts(value: str) -> bool:
        return bool(re.fullmatch("[0-9]{1,10}", value)) and least <= int(value) <= most

    return Hyperparameter("integer", f"a whole number from {least} to {most}", accepts)


def real(must: str, holds: Callable[[float], bool]) -> Hyperparameter:
    """A decimal number for which `holds`."""

    def accepts(value: str) -> bool:
        return bool(re.fullmatch(NUMBER, value)) and math.isfinite(float(value)) and holds(float(value))

    return Hyperparameter("continuous", must, accepts)


def one_of(*values: str) -> Hyperparameter:
    """One of these words."""
    return Hyperparameter("categorical", " or ".join(values), lambda value: value in values)
