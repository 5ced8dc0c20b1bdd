"""The container's algorithm as the rest of Retune knows it: MARS. Pure.

Who brings another algorithm changes `container/` and this file, nothing else: what a search may vary, what is tried
when nobody says, what the log tells. `target`, `folds`, `seed` and `missing` belong to every algorithm.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

OBJECTIVE = "mse"
_NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
METRICS = MappingProxyType(
    {name: rf"^{name}: {_NUMBER}$" for name in (OBJECTIVE, "train_error", "rsq", "gcv", "terms", "seconds")}
)
"""What SageMaker reads from the log, by name; the first is the objective."""


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
        return bool(re.fullmatch(_NUMBER, value)) and math.isfinite(float(value)) and holds(float(value))

    return Hyperparameter("continuous", must, accepts)


HYPERPARAMETERS = MappingProxyType(
    {
        "degree": whole(1, 10),
        "thresh": real("greater than 0 and less than 1", lambda value: 0 < value < 1),
        "prune": Hyperparameter("categorical", "TRUE or FALSE", lambda value: value in ("TRUE", "FALSE")),
        "nk": whole(3, 1001),
        "penalty": real("a number from 0 to 100", lambda value: 0 <= value <= 100),
        "max_search_rows": whole(100, 1_000_000_000),
    }
)
"""What the container accepts, so that it need not be paid to refuse."""

SEARCHED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "degree": {"type": "integer", "min": 1, "max": 3},
        "thresh": {"type": "continuous", "min": 0.001, "max": 0.01},
        "prune": {"type": "categorical", "values": ["TRUE", "FALSE"]},
    }
)
"""The ranges that are searched when the tuning spec names none: the classic job's."""
