"""The data for a model: ended training jobs of this search and of a warm start's parents, on a common scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np
from numpy.typing import NDArray

from local_sagemaker.sagemaker.strategies.sampled import History
from local_sagemaker.sagemaker.strategies.values import Observation

Array = NDArray[np.float64]
_FAR = 5.0
MOST = 60
"""A model's run time grows at least with the square of its points: of more than this, the best half and a spread of the
others are kept."""


@dataclass(frozen=True)
class Evidence:
    """`costs`: lower is better, with mean 0 and deviation 1. `elsewhere`: 1 for a parent's point on other data, else 0.
    `failed` points had no objective; those `waiting` have no result yet. `best` is the cost to beat.
    """

    points: list[Mapping[str, str]]
    costs: Array
    elsewhere: Array
    failed: list[Mapping[str, str]]
    waiting: list[Mapping[str, str]]
    best: float

    @classmethod
    def of(cls, history: History, parents: Sequence[Observation], identical: bool, sign: float, least: int) -> Self:
        """Scale each group of training jobs with the same objective separately. With parents, fewer than `least` own
        training jobs are too few to determine their scale."""
        told = [observation for _, observation in sorted(history.told.items())]
        own = [observation for observation in told if observation.objective is not None]
        is_scaled = identical or not parents or len(own) >= least
        groups = [] if identical else [list(group) for _, group in groupby(sorted(parents, key=_source), key=_source)]
        away = len(groups)
        alike = [*parents, *own] if identical else own
        if is_scaled and alike:
            groups.append(alike)
        costs = [_scaled(sign, group) for group in groups]
        points = [observation.values for group in groups for observation in group]
        elsewhere = np.repeat([float(place < away) for place in range(len(groups))], [len(group) for group in groups])
        every = np.concatenate([[], *costs])
        kept = _kept(every, elsewhere)
        unscaled = [] if is_scaled else own
        return cls(
            [points[place] for place in kept],
            every[kept],
            elsewhere[kept],
            [observation.values for observation in told if observation.objective is None][-MOST:],
            [*(values for _, values in sorted(history.pending.items())), *(one.values for one in unscaled)],
            float(costs[-1].min()) if costs else 0.0,
        )

    @property
    def found_again(self) -> int:
        """How often our own best cost was found again after the first time."""
        return max(0, int(np.count_nonzero(self.costs[self.elsewhere == 0] == self.best)) - 1)


def _source(observation: Observation) -> str:
    return observation.source


def _scaled(sign: float, group: Sequence[Observation]) -> Array:
    """Standardize the costs. Clip outliers, which would flatten the rest: a cost may be worse than the median by at
    most `_FAR` times the distance between the median and the best."""
    costs = np.array([sign * (observation.objective or 0.0) for observation in group])
    best, middle = costs.min(), np.median(costs)
    if middle > best:
        costs = np.minimum(costs, middle + _FAR * (middle - best))
    costs = costs - costs.mean()
    return np.asarray(costs / (costs.std() or 1.0))


def _kept(costs: Array, elsewhere: Array) -> NDArray[np.intp]:
    """The indices to keep: our own first, then as many of the parents' as fit, but always some."""
    own = _thinned(np.flatnonzero(elsewhere == 0), costs, MOST)
    others = _thinned(np.flatnonzero(elsewhere), costs, max(MOST - len(own), MOST // 4))
    return np.sort(np.concatenate([own, others]))


def _thinned(places: NDArray[np.intp], costs: Array, most: int) -> NDArray[np.intp]:
    if len(places) <= most:
        return places
    order = places[np.argsort(costs[places], kind="stable")]
    spread = np.linspace(most // 2, len(order) - 1, most - most // 2).astype(int)
    return np.concatenate([order[: most // 2], order[spread]])
