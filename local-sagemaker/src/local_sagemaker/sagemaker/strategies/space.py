"""The searched hyperparameters, each on its own scale.

A share is a value's position on its scale, from 0 to 1; strategies draw and compare shares, never raw values.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from local_sagemaker.sagemaker.rules import KINDS, ranges

INTEGER, CONTINUOUS, CATEGORICAL = KINDS
LOG_FROM_RATIO = 100
"""`Auto` scaling is logarithmic if MaxValue / MinValue is at least this. AWS does not document how it chooses."""


@dataclass(frozen=True)
class Choice:
    """A categorical hyperparameter: each value has an equal part of the scale."""

    name: str
    values: tuple[str, ...]

    @property
    def size(self) -> int | None:
        return len(self.values)

    def every(self) -> Iterable[str]:
        return self.values

    def at(self, share: float) -> str:
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def share(self, value: str) -> float | None:
        """The middle of the value's part; None if it is not among the values."""
        return (self.values.index(value) + 0.5) / len(self.values) if value in self.values else None


@dataclass(frozen=True)
class Scale:
    """A number between `low` and `high`. A whole number extends half a unit to either side."""

    name: str
    low: float
    high: float
    is_whole: bool
    scaling: str

    @property
    def size(self) -> int | None:
        return int(self.high) - int(self.low) + 1 if self.is_whole else None

    def every(self) -> Iterable[str]:
        """All values; only for whole numbers."""
        return map(str, range(int(self.low), int(self.high) + 1))

    def at(self, share: float) -> str:
        if self.is_whole:
            return str(int(_within(self.low, round(self._along(share)), self.high)))
        return plain(_within(self.low, self._along(share), self.high))

    def share(self, value: str) -> float | None:
        """The value's share; None if it is not a number in the range."""
        try:
            number = int(value) if self.is_whole else float(value)
        except ValueError:
            return None
        if not self.low <= number <= self.high:
            return None
        first, last = (self._on_scale(end) for end in self._ends())
        way = (self._on_scale(number) - first) / (last - first) if last > first else 0.5
        return float(_within(0.0, way, 1.0))

    def _along(self, share: float) -> float:
        first, last = (self._on_scale(end) for end in self._ends())
        way = first * (1 - share) + last * share
        if self.scaling == "Linear":
            return way
        return math.exp(way) if self.scaling == "Logarithmic" else 1 - math.exp(-way)

    def _on_scale(self, number: float) -> float:
        """Map the number to the scale, which is increasing; the reversed logarithmic scale is finest near 1."""
        if self.scaling == "Linear":
            return float(number)
        return math.log(number) if self.scaling == "Logarithmic" else -math.log1p(-number)

    def _ends(self) -> tuple[float, float]:
        reach = 0.5 if self.is_whole else 0.0
        return self.low - reach, self.high + reach


Dimension = Choice | Scale


@dataclass(frozen=True)
class Space:
    """All searched hyperparameters; a point has a share for each dimension."""

    dimensions: tuple[Dimension, ...]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        return cls(tuple(_dimension(kind, found) for kind, found in ranges(config)))

    @property
    def size(self) -> float:
        """The number of distinct points; infinite with a continuous dimension."""
        sizes = [dimension.size for dimension in self.dimensions]
        return math.prod(math.inf if size is None else size for size in sizes)

    def at(self, shares: Sequence[float]) -> dict[str, str]:
        pairs = zip(self.dimensions, shares, strict=True)
        return {dimension.name: dimension.at(float(share)) for dimension, share in pairs}

    def every(self) -> Iterator[dict[str, str]]:
        """All points of a finite space."""
        names = [dimension.name for dimension in self.dimensions]
        values = itertools.product(*(dimension.every() for dimension in self.dimensions))
        return (dict(zip(names, point, strict=True)) for point in values)

    def shares(self, values: Mapping[str, str]) -> list[float]:
        """Raises: ValueError: the point is outside of the space."""
        found = [dimension.share(values.get(dimension.name, "")) for dimension in self.dimensions]
        if None in found:
            raise ValueError(f"{dict(values)} is not a point of the space")
        return [share for share in found if share is not None]

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether the point is in the space. On AWS, a warm start may change ranges; what happens to parents' points
        outside of them is not documented. Here they are ignored, as are points without a value for a dimension."""
        return all(dimension.share(values.get(dimension.name, "")) is not None for dimension in self.dimensions)


def _dimension(kind: str, found: Mapping[str, Any]) -> Dimension:
    if kind == CATEGORICAL:
        return Choice(found["Name"], tuple(found["Values"]))
    number = int if kind == INTEGER else float
    low, high = number(found["MinValue"]), number(found["MaxValue"])
    scaling = found.get("ScalingType", "Auto")
    if scaling == "Auto":
        scaling = "Logarithmic" if low > 0 and high / low >= LOG_FROM_RATIO else "Linear"
    return Scale(found["Name"], low, high, kind == INTEGER, scaling)


def _within(low: Any, value: Any, high: Any) -> Any:
    """Clip a value that rounding has moved past an end."""
    return min(max(low, value), high)


def plain(number: float) -> str:
    """Format the number in plain decimal notation with all digits."""
    return format(Decimal(repr(number)), "f")
