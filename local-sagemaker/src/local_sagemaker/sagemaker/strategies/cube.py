"""A space's points as rows of numbers: shares to draw neighbours of a point, features for the model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from local_sagemaker.sagemaker.strategies.space import Choice, Dimension, Space

Array = NDArray[np.float64]
_COUNTABLE = 1000
"""Ranges of up to this many whole numbers are treated as discrete; in larger ones, a model does not see the steps."""


@dataclass(frozen=True)
class UnitCube:
    space: Space

    @property
    def dimensions(self) -> int:
        return len(self.space.dimensions)

    @cached_property
    def _steps(self) -> list[Array | None]:
        return [_steps(dimension) for dimension in self.space.dimensions]

    def shares(self, points: Iterable[Mapping[str, str]]) -> Array:
        return np.array([self.space.shares(point) for point in points]).reshape(-1, self.dimensions)

    def snapped(self, shares: Array) -> Array:
        """Move each share to that of the nearest existing value, and drop duplicate rows."""
        columns = [_nearest(column, steps) for column, steps in zip(shares.T, self._steps, strict=True)]
        return np.unique(np.round(np.stack(columns, axis=1), 12), axis=0)

    def near(self, share: Array, rows: int, generator: np.random.Generator) -> Array:
        """Draw rows that differ from this one in a few dimensions, some slightly, some more."""
        deviation = 10 ** generator.uniform(-2.5, -0.5, (rows, 1))
        moved = np.clip(share + generator.normal(size=(rows, self.dimensions)) * deviation, 0, 1)
        choices = [isinstance(dimension, Choice) for dimension in self.space.dimensions]
        drawn = np.where(choices, generator.random(moved.shape), moved)
        moves = generator.random(moved.shape) < np.where(choices, 0.3, max(0.3, 1.5 / self.dimensions))
        return np.where(moves, drawn, share)

    def features(self, shares: Array) -> Array:
        """Encode numbers as their share, and categorical values as one column each, so that any two are 1 apart."""
        columns: list[Array] = []
        for dimension, column in zip(self.space.dimensions, shares.T, strict=True):
            if isinstance(dimension, Choice) and len(dimension.values) > 2:
                chosen = np.minimum(column * len(dimension.values), len(dimension.values) - 1).astype(int)
                columns.extend(np.eye(len(dimension.values))[:, chosen] / np.sqrt(2))
            elif isinstance(dimension, Choice):
                columns.append((column > 0.5).astype(float))
            else:
                columns.append(column)
        return np.stack(columns, axis=1)


def _steps(dimension: Dimension) -> Array | None:
    if dimension.size is None or dimension.size > _COUNTABLE:
        return None
    return np.array([dimension.share(value) for value in dimension.every()], dtype=float)


def _nearest(column: Array, steps: Array | None) -> Array:
    if steps is None:
        return column
    return np.asarray(steps[np.searchsorted((steps[1:] + steps[:-1]) / 2, column)])
