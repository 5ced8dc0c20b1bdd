"""One definition's part of a tuning job: where to train next, and which of its training jobs to stop early."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.sagemaker import early_stopping
from localaws.sagemaker.definitions import Definition
from localaws.sagemaker.early_stopping import running_averages
from localaws.sagemaker.hyperband import Hyperband, resources
from localaws.sagemaker.jobs import TrainingJob
from localaws.sagemaker.statuses import COMPLETED
from localaws.sagemaker.strategies import Strategy, number_of_jobs


@dataclass
class Lane:
    """`training_jobs` are those of the definition, `averages` the running averages of those that completed."""

    definition: Definition
    strategy: Strategy
    training_jobs: list[TrainingJob] = field(default_factory=list)
    averages: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hyperband = hyperband_of(self.definition)
        self._is_median = self.definition.config.get("TrainingJobEarlyStoppingType") == "Auto"

    @property
    def most(self) -> float:
        """How many training jobs it can have at most; only a grid comes to an end of its own."""
        config = self.definition.config
        return number_of_jobs(config) if config["Strategy"] == "Grid" else math.inf

    def note(self, training: TrainingJob) -> None:
        """It has ended."""
        if training.status == COMPLETED and training.curve:
            self.averages.append(running_averages(training.curve))

    def should_stop(self, training: TrainingJob) -> bool:
        """Asked each time when the training job has printed an objective."""
        sign = self.definition.sign
        if self._hyperband:
            others = [other.curve for other in self.training_jobs if other is not training]
            return self._hyperband.stops(training.curve, others, sign)
        return self._is_median and early_stopping.stops(training.curve, self.averages, sign)


def hyperband_of(definition: Definition) -> Hyperband | None:
    """Its resources; None under another strategy."""
    config: Mapping[str, Any] = definition.config
    found = resources(config, definition.static) if config["Strategy"] == "Hyperband" else None
    return Hyperband(*found) if found else None
