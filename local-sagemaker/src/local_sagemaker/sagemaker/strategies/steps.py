"""Hyperparameters that act in steps: many points have the same cost, and a smooth model wrongly expects better ones
among them.

Trees model steps: a tree that is grown until it fits all observations predicts on whose step any other point lies.
"""

from typing import Any

import numpy as np
from sklearn.tree import ExtraTreeRegressor

from local_sagemaker.sagemaker.strategies.cube import Array

_TREES = 30
_EQUAL = 1e-9
_COLUMNS = 0.84
"""The share of columns that are candidates for a split, each at a random position."""


def share_with_best(x: Array, costs: Array, best: float, points: Array, generator: np.random.Generator) -> Array:
    """For each point, the share of trees that put it on a step of cost `best`; `x` and `costs` are the observations."""
    seen, asked = _as_trees_have_it(x), _as_trees_have_it(points)
    trees = [_grown(seen, costs, int(seed)) for seed in generator.integers(1 << 30, size=_TREES)]
    costs_there = np.stack([tree.predict(asked, check_input=False) for tree in trees])
    return np.asarray(np.mean(np.abs(costs_there - best) < _EQUAL, axis=0))


def _grown(seen: Any, costs: Array, seed: int) -> Any:
    tree = ExtraTreeRegressor(max_features=_COLUMNS, random_state=seed)
    return tree.fit(seen, costs, check_input=False)


def _as_trees_have_it(rows: Array) -> Any:
    """Convert to the trees' precision, so that scikit-learn does not check every array for each tree."""
    return np.ascontiguousarray(rows, dtype=np.float32)
