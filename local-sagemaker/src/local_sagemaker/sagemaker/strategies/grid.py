"""Grid search: every combination once, in the order of the values in the request."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from local_sagemaker.sagemaker.rules import ranges
from local_sagemaker.sagemaker.strategies.values import Observation, Suggestion


class GridStrategy:
    """`ask` raises StopIteration once every combination has been proposed or adopted."""

    def __init__(self, config: Mapping[str, Any]):
        self._names = [found["Name"] for _, found in ranges(config)]
        self._left = itertools.product(*(found["Values"] for _, found in ranges(config)))
        self._adopted: set[tuple[str, ...]] = set()
        self._asked = 0

    def ask(self) -> Suggestion:
        point = next(point for point in self._left if point not in self._adopted)
        return self._suggest(dict(zip(self._names, point, strict=True)))

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        """Do nothing: a grid does not learn."""

    def adopt(self, values: Mapping[str, str]) -> Suggestion:
        self._adopted.add(tuple(values[name] for name in self._names))
        return self._suggest(dict(values))

    def inform(self, observations: Iterable[Observation]) -> None:
        for observation in observations:
            self.adopt(observation.values)

    def _suggest(self, values: dict[str, str]) -> Suggestion:
        self._asked += 1
        return Suggestion(self._asked - 1, values)
