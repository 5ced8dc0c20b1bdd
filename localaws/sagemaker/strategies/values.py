"""What a strategy is asked and told; every hyperparameter is the string that a container gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Suggestion:
    """One point of the space. `number` counts from 0 in the order in which points were asked for or adopted."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Observation:
    """What came of a training job that has ended: `objective` is None where it failed or printed none.

    `values` may hold more than is searched (static hyperparameters). `source` names the parent tuning job.
    """

    values: Mapping[str, str]
    objective: float | None
    source: str = ""


class Strategy(Protocol):
    """Asked from one thread for points, told how they did."""

    def ask(self) -> Suggestion: ...

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        """`objective` is None for a training job that failed or printed none."""

    def adopt(self, values: Mapping[str, str]) -> Suggestion:
        """Count this point as asked for and not yet told of: a training job that is in flight after a restart."""

    def inform(self, observations: Iterable[Observation]) -> None:
        """Take over this search's own ended training jobs, in the order of their creation, before the first ask."""
