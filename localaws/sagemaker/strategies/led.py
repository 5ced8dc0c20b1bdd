"""Bayesian search: first points that fill the space, then those of which a Gaussian process expects most.

How well it does is measured by bench/search.py; the constants were chosen on one half of its problems.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from localaws.sagemaker.strategies.chance import Chance
from localaws.sagemaker.strategies.cube import Array, Cube
from localaws.sagemaker.strategies.evidence import Evidence
from localaws.sagemaker.strategies.sampled import History
from localaws.sagemaker.strategies.space import Space
from localaws.sagemaker.strategies.surrogate import Surrogate
from localaws.sagemaker.strategies.values import Observation

START = 3
"""So many points lead the way: the middle of the space, and then one in each half of every dimension."""
_ANYWHERE, _NEARBY, _NEAR = 500, 100, 3


@dataclass(frozen=True)
class Led:
    """`sign` is -1 where more is better. `parents` are a warm start's, each with an objective or none; `identical`
    says that theirs and ours are measures of one thing."""

    space: Space
    sign: float
    parents: Sequence[Observation] = ()
    identical: bool = False

    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        cube, generator = Cube(self.space), np.random.default_rng([seed, number])
        evidence = Evidence.of(history, self.parents, self.identical, self.sign, START)
        if len(evidence.costs) >= START:
            yield from self._expected(cube, evidence, generator)
        else:
            yield self.space.at(_spread(seed, number, cube.dimensions))
        yield from Chance(self.space).points(seed, number, history)

    def _expected(self, cube: Cube, evidence: Evidence, generator: np.random.Generator) -> Iterator[dict[str, str]]:
        """Points in flight, and those that failed, count as average: the model looks elsewhere."""
        shares, waiting = cube.shares(evidence.points), cube.shares(evidence.waiting)
        seen = _features(cube, evidence, shares, evidence.elsewhere)
        surrogate = Surrogate.fitted(seen, evidence.costs)
        if len(waiting):
            costs = np.concatenate([evidence.costs, np.full(len(waiting), evidence.costs.mean())])
            surrogate = surrogate.having_seen(np.vstack([seen, _features(cube, evidence, waiting, 0.0)]), costs)
        best = shares[np.argsort(evidence.costs, kind="stable")[:_NEAR]]
        near = [cube.near(share, _NEARBY, generator) for share in best]
        drawn = cube.snapped(np.vstack([generator.random((_ANYWHERE, cube.dimensions)), *near]))
        promise = surrogate.log_improvement(_features(cube, evidence, drawn, 0.0), evidence.best)
        return (self.space.at(drawn[place]) for place in np.argsort(-promise, kind="stable"))


def _features(cube: Cube, evidence: Evidence, shares: Array, elsewhere: Array | float) -> Array:
    """Beside parents on other data a column more says whose a point is: how much theirs tell of ours is learnt."""
    features = cube.features(shares)
    if not evidence.elsewhere.any():
        return features
    return np.column_stack([features, np.broadcast_to(elsewhere, len(shares))])


def _spread(seed: int, number: int, dimensions: int) -> list[float]:
    """The middle, then pairs: of each, one lies in the lower half of a dimension, the other in its upper half."""
    if number == 0:
        return [0.5] * dimensions
    generator = random.Random(f"{seed}/{(number - 1) // 2}/start")
    first = [(generator.random() + generator.randrange(2)) / 2 for _ in range(dimensions)]
    second = [(generator.random() + (share < 0.5)) / 2 for share in first]
    return second if number % 2 == 0 else first
