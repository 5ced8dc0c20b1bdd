"""The inputs and outputs of a strategy; every hyperparameter is a string, as a container receives it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Suggestion:
    """One point of the space. `number` counts from 0 in the order in which points were proposed or adopted."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Observation:
    """The result of a training job that has ended; `objective` is None if it failed or printed none.

    `values` may also contain static hyperparameters. `source` is the name of the parent tuning job.
    """

    values: Mapping[str, str]
    objective: float | None
    source: str = ""


class Strategy(Protocol):
    """Proposes points and learns from their results; call it from one thread."""

    def ask(self) -> Suggestion: ...

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        """Report a result; `objective` is None for a training job that failed or printed none."""

    def adopt(self, values: Mapping[str, str]) -> Suggestion:
        """Count this point as proposed and without result: a training job that is in flight after a restart."""

    def inform(self, observations: Iterable[Observation]) -> None:
        """Adopt this search's own ended training jobs, in the order of their creation, before the first `ask`."""
