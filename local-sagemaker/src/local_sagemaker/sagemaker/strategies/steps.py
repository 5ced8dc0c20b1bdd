"""Hyperparameters that act in steps: many points have the same cost, and a smooth model wrongly expects better ones
among them.

Trees model steps: a tree that is grown until it fits all observations predicts on whose step any other point lies.
They are extremely randomized ones (Geurts, Ernst and Wehenkel, 2006): each cut lies anywhere between two observations.
"""

import numpy as np
from numpy.typing import NDArray

from local_sagemaker.sagemaker.strategies.surrogate import Array

TREES = 30
_EQUAL = 1e-9
COLUMNS = 0.84
"""The share of columns that are candidates for a split, each at a random position."""


def share_with_best(x: Array, costs: Array, best: float, points: Array, generator: np.random.Generator) -> Array:
    """For each point, the share of trees that put it on a step of cost `best`; `x` and `costs` are the observations."""
    is_best = np.abs(costs - best) < _EQUAL
    return np.asarray(np.mean([_on_best(x, costs, is_best, points, generator) for _ in range(TREES)], axis=0))


def _on_best(
    x: Array, costs: Array, is_best: NDArray[np.bool_], points: Array, generator: np.random.Generator
) -> NDArray[np.bool_]:
    """Whether a new tree puts each point on a step of the best cost. It grows only where that is still open."""
    found = np.zeros(len(points), dtype=bool)
    nodes = [(np.arange(len(x)), np.arange(len(points)))]
    while nodes:
        seen, asked = nodes.pop()
        if is_best[seen].all():
            found[asked] = True
        elif is_best[seen].any() and len(asked) and (cut := _cut(x[seen], costs[seen], generator)):
            column, place = cut
            left, below = x[seen, column] <= place, points[asked, column] <= place
            nodes += [(seen[left], asked[below]), (seen[~left], asked[~below])]
    return found


def _cut(x: Array, costs: Array, generator: np.random.Generator) -> tuple[int, float] | None:
    """The best of one random cut in each of some columns, by the variance that is left; None if all rows are equal."""
    low, high = x.min(axis=0), x.max(axis=0)
    columns = np.flatnonzero(high > low)
    if not len(columns):
        return None
    chosen = generator.permutation(columns)[: max(1, int(COLUMNS * x.shape[1]))]
    places = low[chosen] + generator.random(len(chosen)) * (high - low)[chosen]
    best = int(np.argmax(_explained(x[:, chosen] <= places, costs)))
    return int(chosen[best]), float(places[best])


def _explained(left: NDArray[np.bool_], costs: Array) -> Array:
    """How much of the variance each column's cut explains; up to terms that all cuts have in common."""
    count, total = left.sum(axis=0), costs @ left
    return np.asarray(total**2 / count + (costs.sum() - total) ** 2 / (len(costs) - count))
