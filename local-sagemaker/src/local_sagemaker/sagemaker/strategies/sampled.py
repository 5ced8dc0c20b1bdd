"""The bookkeeping shared by random and Bayesian search.

No random generator lives on between two points: each point depends only on the seed, its number and the results so far,
so that a search resumed after a restart continues as if it had never stopped.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from local_sagemaker.sagemaker.strategies.space import Space
from local_sagemaker.sagemaker.strategies.values import Observation, Suggestion

_TRIES = 1000
_COUNTABLE = 10_000


@dataclass
class History:
    """The state of a search's own points, both lists in the order of their numbers."""

    told: dict[int, Observation] = field(default_factory=dict)
    pending: dict[int, Mapping[str, str]] = field(default_factory=dict)


class Proposer(Protocol):
    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        """Candidates for the point with this number, the best first, without end; some may be duplicates."""


class SampledStrategy:
    """Proposes a point again, or one of `known`, only if the space has no other left."""

    def __init__(self, space: Space, seed: int, proposer: Proposer, known: Sequence[Observation] = ()):
        self._space, self._seed, self._proposer = space, seed, proposer
        self._history = History()
        self._seen = {self._key(observation.values) for observation in known}
        self._asked = 0

    def ask(self) -> Suggestion:
        points = itertools.islice(self._proposer.points(self._seed, self._asked, self._history), _TRIES)
        first = next(points)
        fresh = (point for point in itertools.chain([first], points, self._all()) if self._key(point) not in self._seen)
        return self.adopt(next(fresh, first))

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        del self._history.pending[suggestion.number]
        self._history.told[suggestion.number] = Observation(suggestion.values, objective)

    def adopt(self, values: Mapping[str, str]) -> Suggestion:
        suggestion = Suggestion(self._asked, dict(values))
        self._history.pending[self._asked] = suggestion.values
        self._seen.add(self._key(values))
        self._asked += 1
        return suggestion

    def inform(self, observations: Iterable[Observation]) -> None:
        for observation in observations:
            self.tell(self.adopt(observation.values), observation.objective)

    def _key(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(values[dimension.name] for dimension in self._space.dimensions)

    def _all(self) -> Iterator[dict[str, str]]:
        """All points of a small space, shuffled: random draws may miss the few that are left."""
        if self._space.size > _COUNTABLE:
            return
        points = list(self._space.every())
        random.Random(f"{self._seed}/{self._asked}/all").shuffle(points)
        yield from points
