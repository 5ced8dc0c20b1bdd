"""What there is: training jobs and tuning jobs, behind one lock, in memory and in a store that lasts.

Every change happens within `changing(job)`, and has been kept when that ends.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from localaws.sagemaker.codec import NOT_KEPT
from localaws.sagemaker.definitions import Definition, definitions
from localaws.sagemaker.errors import ServiceError, invalid
from localaws.sagemaker.quotas import refuse_beyond
from localaws.sagemaker.store import Memory, Store

IN_PROGRESS, STOPPING = "InProgress", "Stopping"
COMPLETED, FAILED, STOPPED = "Completed", "Failed", "Stopped"
INTERNAL_ERROR = "InternalServerError"
"""What a failure reason begins with that is the service's own fault: only such a failure can be retried."""
_TRAINING, _TUNING = "training job", "tuning job"


@dataclass
class TrainingJob:
    """One training job. Times are epoch seconds; `metrics` holds each metric's last value and its time, `curve` all
    values of the tuning job's objective up to its end or its being told to stop."""

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
        return self.status not in (IN_PROGRESS, STOPPING)

    def turn(self, secondary: str, message: str) -> None:
        """Into another secondary status, which is noted with its time as AWS notes it."""
        now = time.time()
        if self.transitions:
            self.transitions[-1].setdefault("EndTime", now)
        self.secondary, self.modified_at = secondary, now
        self.transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})

    def again(self) -> None:
        """Forget what an attempt left that did not come to an end."""
        self.metrics.clear()
        self.curve.clear()
        self.started_at = None


@dataclass
class TuningJob:
    """One tuning job with its training jobs, in the order of their creation. `seed` is drawn where none is asked for;
    `ran_s` is how long it ran up to `running_since`, without the time that this service was down."""

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
        """The training job's final objective: its last value, unless it failed. One that was stopped keeps its own."""
        value = job.metrics.get(self.definition_of(job).metric)
        return value[0] if value and job.status in (COMPLETED, STOPPED) else None

    @property
    def best(self) -> TrainingJob | None:
        """The training job with the best final objective, the earliest of equals.

        AWS's words are "the training job that completed with the best current objective". Those that it stopped count
        as well, as Hyperband stops even the winner once it has reached MaxResource."""
        return best_of((self, job) for job in self.training_jobs)

    def runtime_s(self, now: float) -> float:
        """Wall clock seconds."""
        return self.ran_s + (now - self.running_since if self.running_since is not None else 0.0)

    def note_runtime(self, now: float) -> None:
        """Nothing that ran up to now is forgotten by a restart."""
        self.ran_s, self.running_since = self.runtime_s(now), now


def best_of(pairs: Iterable[tuple[TuningJob, TrainingJob]]) -> TrainingJob | None:
    """The best training job of any of the tuning jobs, which all have the same kind of objective."""
    done = [(tuning, job, value) for tuning, job in pairs if (value := tuning.objective(job)) is not None]
    found = min(done, key=lambda found: found[0].definition_of(found[1]).sign * found[2], default=None)
    return found[1] if found else None


Job = TrainingJob | TuningJob


class State:
    """Every job by its name; names differ in more than case, as in SageMaker."""

    def __init__(self, store: Store | None = None) -> None:
        self.lock = threading.RLock()
        self._store = store = store or Store(Memory())
        found = store.load(_TRAINING, TrainingJob)
        self._training = {job.name.lower(): job for job in found if not job.is_deleted}
        self._tuning = {job.name.lower(): job for job in store.load(_TUNING, TuningJob)}
        for job in found:
            tuning = self._tuning.get((job.tuning_job or "").lower())
            if tuning and tuning.created_at <= job.created_at:  # else one of that name before it, which was deleted
                tuning.training_jobs.append(job)

    @contextmanager
    def changing(self, *jobs: Job) -> Iterator[None]:
        """Change these jobs, and emit what is to be heard of it: both is kept, or neither."""
        with self.lock, self._store.together():
            yield
            for job in jobs:
                self._store.save(_TRAINING if isinstance(job, TrainingJob) else _TUNING, job.name, job)

    def unfinished(self) -> list[Job]:
        with self.lock:
            jobs: list[Job] = [*self._training.values(), *self._tuning.values()]
            return [job for job in jobs if job.ended_at is None]

    @property
    def is_open(self) -> bool:
        """Whether what happens is still kept: not while the local AWS is stopping."""
        return self._store.is_open

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise ServiceError("ServiceUnavailable", "The local AWS is stopping.", 503)

    def add_training(self, job: TrainingJob) -> None:
        """Raises: ServiceError: the name is taken."""
        with self.changing(job):
            self._must_be_open()
            if job.name.lower() in self._training:
                text = f"Job name must be unique within an AWS account and region, and a job with this name: {job.arn}"
                raise ServiceError("ResourceInUse", f"{text} already exists.")
            self._training[job.name.lower()] = job

    def add_tuning(self, job: TuningJob, quota: int) -> None:
        """Raises: ServiceError: the name is taken, or the quota of open tuning jobs is used up."""
        with self.changing(job):
            self._must_be_open()
            if job.name.lower() in self._tuning:
                text = (
                    f"A hyperparameter tuning job with the name, {job.name}, already exists. Choose a different name."
                )
                raise ServiceError("ResourceInUse", text)
            open_jobs = sum(other.ended_at is None for other in self._tuning.values())
            refuse_beyond({"tuning_jobs": quota}, "tuning_jobs", open_jobs, 1)
            self._tuning[job.name.lower()] = job

    def remove_training(self, job: TrainingJob) -> None:
        """A tuning job that launched it keeps it."""
        with self.lock, self._store.together():
            del self._training[job.name.lower()]
            job.is_deleted = True
            if job.tuning_job:
                self._store.save(_TRAINING, job.name, job)
            else:
                self._store.delete(_TRAINING, job.name)

    def remove_tuning(self, job: TuningJob) -> None:
        """Its training jobs stay."""
        with self.lock, self._store.together():
            del self._tuning[job.name.lower()]
            self._store.delete(_TUNING, job.name)

    def training(self, name: str) -> TrainingJob:
        """Raises: ServiceError: there is none."""
        with self.lock:
            if name.lower() not in self._training:
                raise invalid("Requested resource not found.")
            return self._training[name.lower()]

    def tuning(self, name: str) -> TuningJob:
        """Raises: ServiceError: there is none."""
        with self.lock:
            if name.lower() not in self._tuning:
                text = f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
                raise ServiceError("ResourceNotFound", text)
            return self._tuning[name.lower()]

    def by_arn(self, arn: str) -> Job:
        """Raises: ServiceError: there is none."""
        jobs: list[Job] = [*self.all_training(), *self.all_tuning()]
        for job in jobs:
            if job.arn == arn:
                return job
        raise invalid(f"Resource does not exist: {arn}")

    def all_training(self) -> list[TrainingJob]:
        with self.lock:
            return list(self._training.values())

    def all_tuning(self) -> list[TuningJob]:
        with self.lock:
            return list(self._tuning.values())
