"""Bayesian search: first points that fill the space, then those with the highest improvement expected by a Gaussian
process.

bench/search measures its quality, and bench/README.md explains how its settings were chosen.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np

from local_sagemaker.sagemaker.strategies.cube import Array, UnitCube
from local_sagemaker.sagemaker.strategies.evidence import Evidence
from local_sagemaker.sagemaker.strategies.random_search import RandomProposer
from local_sagemaker.sagemaker.strategies.sampled import History
from local_sagemaker.sagemaker.strategies.space import Space
from local_sagemaker.sagemaker.strategies.steps import share_with_best
from local_sagemaker.sagemaker.strategies.surrogate import Surrogate
from local_sagemaker.sagemaker.strategies.values import Observation

START = 3
"""The number of initial points: the middle of the space, and then one in each half of every dimension."""
_SPREAD_TRIES = 20
_APART = 0.4
"""The distance between our points and a parent's on other data, relative to a side of the cube."""
_ANYWHERE, _NEARBY, _NEAR = 500, 100, 3
_WORTH = 0.05
"""For each time that the best cost was found again, points must improve by this much more, in deviations of costs."""
_BELIEVED = 0.95
"""The certainty that a point which all trees put on the best one's step is not better. Both settings are for
hyperparameters that act in steps: while no other point is as good as the best, its neighbours may lead to the bottom of
a smooth valley."""


class Model(Protocol):
    """What the search asks of a surrogate; see Surrogate."""

    def having_seen(self, x: Array, y: Array) -> Self: ...

    def expected(self, x: Array) -> Array: ...

    def log_improvement(self, x: Array, best: float) -> Array: ...


@dataclass(frozen=True)
class BayesianProposer:
    """`sign` is -1 to maximise. `parents` are the observations of a warm start, each with an objective; `identical`
    means that their objectives are comparable with ours. The bench replaces the model by another implementation."""

    space: Space
    sign: float
    parents: Sequence[Observation] = ()
    identical: bool = False
    fitted: Callable[[Array, Array], Model] = Surrogate.fitted
    share_with_best: Callable[[Array, Array, float, Array, np.random.Generator], Array] = share_with_best

    @cached_property
    def _cube(self) -> UnitCube:
        return UnitCube(self.space)

    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        generator = np.random.default_rng([seed, number])
        evidence = Evidence.of(history, self.parents, self.identical, self.sign, START)
        if len(evidence.costs) >= START:
            yield from self._expected(self._cube, evidence, generator)
        else:
            yield from map(self.space.at, _spread(seed, number, self._cube.dimensions))
        yield from RandomProposer(self.space).points(seed, number, history)

    def _expected(self, cube: UnitCube, evidence: Evidence, generator: np.random.Generator) -> Iterator[dict[str, str]]:
        shares = cube.shares(evidence.points)
        seen = _features(cube, evidence, shares, evidence.elsewhere)
        surrogate, best = _imagined(self.fitted(seen, evidence.costs), cube, evidence, seen)
        leaders = shares[np.argsort(evidence.costs, kind="stable")[:_NEAR]]
        near = [cube.near(share, _NEARBY, generator) for share in leaders]
        drawn = cube.snapped(np.vstack([generator.random((_ANYWHERE, cube.dimensions)), *near]))
        points = _features(cube, evidence, drawn, 0.0)
        promise = surrogate.log_improvement(points, best - _WORTH * evidence.found_again)
        if evidence.found_again:
            shared = self.share_with_best(seen, evidence.costs, evidence.best, points, generator)
            promise += np.log(1 - _BELIEVED * shared)
        return (self.space.at(drawn[place]) for place in np.argsort(-promise, kind="stable"))


def _imagined(surrogate: Model, cube: UnitCube, evidence: Evidence, seen: Array) -> tuple[Model, float]:
    """The model and the cost to beat, under the assumption that points in flight get their expected cost.

    Failed points count as average: the search avoids them, but a single failure does not deter it from a region."""
    x, costs, best = seen, evidence.costs, evidence.best
    if evidence.failed:
        x = np.vstack([x, _features(cube, evidence, cube.shares(evidence.failed), 0.0)])
        costs = np.concatenate([costs, np.full(len(evidence.failed), evidence.costs.mean())])
        surrogate = surrogate.having_seen(x, costs)
    if evidence.waiting:
        waiting = _features(cube, evidence, cube.shares(evidence.waiting), 0.0)
        expected = surrogate.expected(waiting)
        surrogate = surrogate.having_seen(np.vstack([x, waiting]), np.concatenate([costs, expected]))
        best = min(best, float(expected.min()))
    return surrogate, best


def _features(cube: UnitCube, evidence: Evidence, shares: Array, elsewhere: Array | float) -> Array:
    """With parents on other data, one more column marks their points, so that the model learns how much they tell about
    ours."""
    features = cube.features(shares)
    if not evidence.elsewhere.any():
        return features
    return np.column_stack([features, np.broadcast_to(_APART * elsewhere, len(shares))])


def _spread(seed: int, number: int, dimensions: int) -> Iterator[list[float]]:
    """The middle, then pairs with one point in the lower half of each dimension and one in its upper half.

    There are more than needed, because a space of few values contains duplicates."""
    if number == 0:
        yield [0.5] * dimensions
    sides = random.Random(f"{seed}/{(number + 1) // 2}/sides")
    flip = number % 2
    halves = [(sides.randrange(2) + flip) % 2 for _ in range(dimensions)]
    generator = random.Random(f"{seed}/{number}/start")
    for _ in range(_SPREAD_TRIES):
        yield [(half + generator.random()) / 2 for half in halves]
