"""One definition's part of a tuning job: chooses the next point, and which of its training jobs to stop early."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_sagemaker.sagemaker.jobs import early_stopping
from local_sagemaker.sagemaker.jobs.definitions import Definition
from local_sagemaker.sagemaker.jobs.early_stopping import running_averages
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED
from local_sagemaker.sagemaker.rules.hyperband import Hyperband, resources
from local_sagemaker.sagemaker.strategies import Strategy, number_of_jobs


@dataclass
class DefinitionScheduler:
    """`training_jobs` are those of the definition, `averages` the running averages of the completed ones."""

    definition: Definition
    strategy: Strategy
    training_jobs: list[TrainingJob] = field(default_factory=list)
    averages: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hyperband = hyperband_of(self.definition)
        self._is_median = self.definition.config.get("TrainingJobEarlyStoppingType") == "Auto"

    @property
    def most(self) -> float:
        """The maximum number of training jobs; only a grid is finite."""
        config = self.definition.config
        return number_of_jobs(config) if config["Strategy"] == "Grid" else math.inf

    def note(self, training: TrainingJob) -> None:
        """Note a training job that has ended."""
        if training.status == COMPLETED and training.curve:
            self.averages.append(running_averages(training.curve))

    def should_stop(self, training: TrainingJob) -> bool:
        """Whether to stop the training job early; call it after each printed objective."""
        sign = self.definition.sign
        if self._hyperband:
            others = [other.curve for other in self.training_jobs if other is not training]
            return self._hyperband.stops(training.curve, others, sign)
        return self._is_median and early_stopping.stops(training.curve, self.averages, sign)


def hyperband_of(definition: Definition) -> Hyperband | None:
    """The definition's Hyperband; None for another strategy."""
    config: Mapping[str, Any] = definition.config
    found = resources(config, definition.static) if config["Strategy"] == "Hyperband" else None
    return Hyperband(*found) if found else None
