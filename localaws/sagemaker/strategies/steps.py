"""Hyperparameters that act in steps: many points have one cost, and a smooth model hopes for better ones among them.

Trees know steps: one that is grown until it fits all that was seen tells of any other point on whose step it lies.
"""

from typing import Any

import numpy as np
from sklearn.tree import ExtraTreeRegressor

from localaws.sagemaker.strategies.cube import Array

_TREES = 30
_EQUAL = 1e-9
_COLUMNS = 0.84
"""Of so many columns the best one is cut, each at a place drawn by chance."""


def share_with_best(x: Array, costs: Array, best: float, points: Array, generator: np.random.Generator) -> Array:
    """For each of the points, the share of trees that see it on a step of cost `best`; `x` and `costs` were seen."""
    seen, asked = _as_trees_have_it(x), _as_trees_have_it(points)
    trees = [_grown(seen, costs, int(seed)) for seed in generator.integers(1 << 30, size=_TREES)]
    costs_there = np.stack([tree.predict(asked, check_input=False) for tree in trees])
    return np.asarray(np.mean(np.abs(costs_there - best) < _EQUAL, axis=0))


def _grown(seen: Any, costs: Array, seed: int) -> Any:
    tree = ExtraTreeRegressor(max_features=_COLUMNS, random_state=seed)
    return tree.fit(seen, costs, check_input=False)


def _as_trees_have_it(rows: Array) -> Any:
    """Their own precision, so that scikit-learn need not look at every array for each tree."""
    return np.ascontiguousarray(rows, dtype=np.float32)
