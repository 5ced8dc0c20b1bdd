"""All training jobs and tuning jobs, behind one lock, in memory and in a durable store.

Every change happens within `changing(job)`, and has been saved when that ends.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from local_sagemaker.sagemaker.jobs.jobs import Job, TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.quotas import refuse_beyond
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid

_TRAINING, _TUNING = "training job", "tuning job"


class State:
    """All jobs by name; names are unique regardless of case, as in SageMaker."""

    def __init__(self, store: Store | None = None) -> None:
        self.lock = threading.RLock()
        self._store = store = store or Store(Memory())
        found = store.load(_TRAINING, TrainingJob)
        self._training = {job.name.lower(): job for job in found if not job.is_deleted}
        self._tuning = {job.name.lower(): job for job in store.load(_TUNING, TuningJob)}
        for job in found:
            tuning = self._tuning.get((job.tuning_job or "").lower())
            if tuning and tuning.created_at <= job.created_at:  # otherwise it belonged to a deleted one of that name
                tuning.training_jobs.append(job)

    @contextmanager
    def changing(self, *jobs: Job) -> Iterator[None]:
        """Change these jobs and emit their events: both are saved, or neither."""
        with self.lock, self._store.together():
            yield
            for job in jobs:
                self._store.save(_TRAINING if isinstance(job, TrainingJob) else _TUNING, job.name, job)

    @property
    def is_open(self) -> bool:
        """Whether changes are still saved; False while the local AWS is stopping."""
        return self._store.is_open

    def add_training(self, job: TrainingJob) -> None:
        """Raises: ServiceError: the name is in use."""
        with self.changing(job):
            self._store.must_be_open()
            if job.name.lower() in self._training:
                text = f"Job name must be unique within an AWS account and region, and a job with this name: {job.arn}"
                raise ServiceError("ResourceInUse", f"{text} already exists.")
            self._training[job.name.lower()] = job

    def add_tuning(self, job: TuningJob, quota: int) -> None:
        """Raises: ServiceError: the name is in use, or the quota of concurrent tuning jobs is exceeded."""
        with self.changing(job):
            self._store.must_be_open()
            if job.name.lower() in self._tuning:
                text = (
                    f"A hyperparameter tuning job with the name, {job.name}, already exists. Choose a different name."
                )
                raise ServiceError("ResourceInUse", text)
            open_jobs = sum(other.ended_at is None for other in self._tuning.values())
            refuse_beyond({"tuning_jobs": quota}, "tuning_jobs", open_jobs, 1)
            self._tuning[job.name.lower()] = job

    def remove_training(self, job: TrainingJob) -> None:
        """Remove the job; the tuning job that launched it still lists it."""
        with self.lock, self._store.together():
            del self._training[job.name.lower()]
            job.is_deleted = True
            if job.tuning_job:
                self._store.save(_TRAINING, job.name, job)
            else:
                self._store.delete(_TRAINING, job.name)

    def remove_tuning(self, job: TuningJob) -> None:
        """Remove the job, but not its training jobs."""
        with self.lock, self._store.together():
            del self._tuning[job.name.lower()]
            self._store.delete(_TUNING, job.name)

    def training(self, name: str) -> TrainingJob:
        """Raises: ServiceError: it does not exist."""
        with self.lock:
            if name.lower() not in self._training:
                raise invalid("Requested resource not found.")
            return self._training[name.lower()]

    def tuning(self, name: str) -> TuningJob:
        """Raises: ServiceError: it does not exist."""
        with self.lock:
            if name.lower() not in self._tuning:
                text = f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
                raise ServiceError("ResourceNotFound", text)
            return self._tuning[name.lower()]

    def by_arn(self, arn: str) -> Job:
        """Raises: ServiceError: it does not exist."""
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
