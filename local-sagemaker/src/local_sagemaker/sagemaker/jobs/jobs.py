"""The state of training jobs and tuning jobs."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from local_sagemaker.sagemaker.jobs.codec import NOT_KEPT
from local_sagemaker.sagemaker.jobs.definitions import Definition, definitions
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, IN_PROGRESS, STOPPED, has_ended


@dataclass
class TrainingJob:
    """One training job. Times are epoch seconds; `metrics` holds each metric's last value and its time, `curve` all
    values of the tuning job's objective until the job ended or was asked to stop."""

    name: str
    arn: str
    request: dict[str, Any]
    hyperparameters: dict[str, str]
    tags: dict[str, str]
    created_at: float
    tuning_job: str | None = None
    definition_name: str | None = None
    tuned: dict[str, str] = field(default_factory=dict)
    status: str = IN_PROGRESS
    secondary: str = "Starting"
    transitions: list[dict[str, Any]] = field(default_factory=list)
    started_at: float | None = None
    ended_at: float | None = None
    modified_at: float = 0.0
    failure: str | None = None
    model_uri: str | None = None
    metrics: dict[str, tuple[float, float]] = field(default_factory=dict)
    curve: list[float] = field(default_factory=list)
    is_deleted: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        return has_ended(self.status)

    def move_to(self, secondary: str, message: str) -> None:
        """Move to another secondary status, and record the transition with its time, as AWS does."""
        now = time.time()
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", now)
        self.secondary, self.modified_at = secondary, now
        self.transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})

    def discard_results(self) -> None:
        """Discard the results of an unfinished attempt."""
        self.metrics.clear()
        self.curve.clear()
        self.started_at = None


@dataclass
class TuningJob:
    """One tuning job with its training jobs, in the order of their creation. `seed` is random if the request has none;
    `ran_s` is how long the job ran up to `running_since`, without the time that this service was down."""

    name: str
    arn: str
    request: dict[str, Any]
    tags: dict[str, str]
    created_at: float
    status: str = IN_PROGRESS
    modified_at: float = 0.0
    ended_at: float | None = None
    failure: str | None = None
    seed: int | None = None
    ran_s: float = 0.0
    running_since: float | None = field(default=None, metadata=NOT_KEPT)
    training_jobs: list[TrainingJob] = field(default_factory=list, metadata=NOT_KEPT)
    stop: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        return definitions(self.request)

    @cached_property
    def _by_name(self) -> dict[str | None, Definition]:
        return {found.name: found for found in self.definitions}

    def definition_of(self, job: TrainingJob) -> Definition:
        return self._by_name[job.definition_name]

    def objective(self, job: TrainingJob) -> float | None:
        """The training job's final objective: its last value, also if it was stopped; None if it failed."""
        value = job.metrics.get(self.definition_of(job).metric)
        return value[0] if value and job.status in (COMPLETED, STOPPED) else None

    @property
    def best(self) -> TrainingJob | None:
        """The training job with the best final objective, the earliest of equals.

        AWS defines it as "the training job that completed with the best current objective". Stopped training jobs
        count as well, because Hyperband stops even the winner once it reaches MaxResource."""
        return best_of((self, job) for job in self.training_jobs)

    def runtime_s(self, now: float) -> float:
        """The run time in wall clock seconds."""
        return self.ran_s + (now - self.running_since if self.running_since is not None else 0.0)

    def note_runtime(self, now: float) -> None:
        """Add the time since `running_since` to `ran_s`, so that a restart does not lose it."""
        self.ran_s, self.running_since = self.runtime_s(now), now


def best_of(pairs: Iterable[tuple[TuningJob, TrainingJob]]) -> TrainingJob | None:
    """The best training job of several tuning jobs, which must have the same kind of objective."""
    done = [(tuning, job, value) for tuning, job in pairs if (value := tuning.objective(job)) is not None]
    found = min(done, key=lambda found: found[0].definition_of(found[1]).sign * found[2], default=None)
    return found[1] if found else None


Job = TrainingJob | TuningJob
