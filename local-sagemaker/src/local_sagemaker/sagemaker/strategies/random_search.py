"""Random search: draws each value on its own scale, and each point independently."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from local_sagemaker.sagemaker.strategies.sampled import History
from local_sagemaker.sagemaker.strategies.space import Space


@dataclass(frozen=True)
class RandomProposer:
    space: Space

    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        generator = random.Random(f"{seed}/{number}")
        while True:
            yield self.space.at([generator.random() for _ in self.space.dimensions])
