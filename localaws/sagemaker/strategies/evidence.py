"""What a model may learn from: ended training jobs, of this search and of a warm start's parents, on one footing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from localaws.sagemaker.strategies.sampled import History
from localaws.sagemaker.strategies.values import Observation

Array = NDArray[np.float64]
MOST = 60
"""A model's time grows with the square of its points and more: of very many, the best half and a spread of others."""


@dataclass(frozen=True)
class Evidence:
    """`costs`: the lower the better, normal with mean 0. `elsewhere`: 1 for a parent's point on other data, else 0.

    `failed` had no objective; of those `waiting` nothing is known yet. `best` is the cost to beat.
    """

    points: list[Mapping[str, str]]
    costs: Array
    elsewhere: Array
    failed: list[Mapping[str, str]]
    waiting: list[Mapping[str, str]]
    best: float

    @classmethod
    def of(cls, history: History, parents: Sequence[Observation], identical: bool, sign: float, least: int) -> Self:
        """Each group of training jobs that measured one thing is ranked alone: scales differ, and one absurd
        objective among them must not flatten the rest. Fewer than `least` of our own rank nothing beside parents."""
        told = [observation for _, observation in sorted(history.told.items())]
        own = [observation for observation in told if observation.objective is not None]
        is_ranked = identical or not parents or len(own) >= least
        groups = [] if identical else [list(group) for _, group in groupby(sorted(parents, key=_source), key=_source)]
        away = len(groups)
        alike = [*parents, *own] if identical else own
        if is_ranked and alike:
            groups.append(alike)
        costs = [_normal(sign, group) for group in groups]
        points = [observation.values for group in groups for observation in group]
        elsewhere = np.repeat([float(place < away) for place in range(len(groups))], [len(group) for group in groups])
        every = np.concatenate([[], *costs])
        kept = _kept(every, elsewhere)
        unranked = [] if is_ranked else own
        return cls(
            [points[place] for place in kept],
            every[kept],
            elsewhere[kept],
            [observation.values for observation in told if observation.objective is None][-MOST:],
            [*(values for _, values in sorted(history.pending.items())), *(one.values for one in unranked)],
            float(costs[-1].min()) if costs else 0.0,
        )


def _source(observation: Observation) -> str:
    return observation.source


def _normal(sign: float, group: Sequence[Observation]) -> Array:
    """The cost of each by its rank, as if they were drawn from a normal distribution; equals share their rank."""
    costs = np.array([sign * (observation.objective or 0.0) for observation in group])
    ordered = np.sort(costs)
    middle = (np.searchsorted(ordered, costs, "left") + np.searchsorted(ordered, costs, "right")) / 2
    return np.asarray(ndtri(middle / len(costs)))


def _kept(costs: Array, elsewhere: Array) -> NDArray[np.intp]:
    """The places of our own first, then of as many parents' as still find room, but always of some."""
    own = _thinned(np.flatnonzero(elsewhere == 0), costs, MOST)
    others = _thinned(np.flatnonzero(elsewhere), costs, max(MOST - len(own), MOST // 4))
    return np.sort(np.concatenate([own, others]))


def _thinned(places: NDArray[np.intp], costs: Array, most: int) -> NDArray[np.intp]:
    if len(places) <= most:
        return places
    order = places[np.argsort(costs[places], kind="stable")]
    spread = np.linspace(most // 2, len(order) - 1, most - most // 2).astype(int)
    return np.concatenate([order[: most // 2], order[spread]])
