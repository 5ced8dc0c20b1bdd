"""Hyperparameters that act in steps: many points have one cost, and a smooth model hopes for better ones among them.

Trees know steps: one that is grown until it fits all that was seen tells of any other point on whose step it lies.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import ExtraTreeRegressor

Array = NDArray[np.float64]
_TREES = 30
_COLUMNS = 0.84
"""Of so many columns the best one is cut, each at a place drawn by chance."""


def share_with_best(x: Array, costs: Array, best: float, points: Array, generator: np.random.Generator) -> Array:
    """For each of the points, the share of trees that see it on a step of cost `best`; `x` and `costs` were seen."""
    trees = [_grown(x, costs, int(seed)) for seed in generator.integers(1 << 30, size=_TREES)]
    return np.asarray(np.mean([np.isclose(tree.predict(points), best) for tree in trees], axis=0))


def _grown(x: Array, costs: Array, seed: int) -> Any:
    return ExtraTreeRegressor(max_features=_COLUMNS, random_state=seed).fit(x, costs)
