"""The API: dispatches each SageMaker operation that this service implements."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.api import deletion, lists
from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.container.logs import PutLog
from local_sagemaker.sagemaker.find.resources import Packages, resources
from local_sagemaker.sagemaker.find.search import search, suggestions
from local_sagemaker.sagemaker.hosting.hosting import Hosting
from local_sagemaker.sagemaker.jobs import tags, views, warm_start
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.quotas import QUOTAS, checked, refuse_beyond
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.jobs.threads import Threads
from local_sagemaker.sagemaker.processing.processing_jobs import ProcessingJobs
from local_sagemaker.sagemaker.processing.processor import Processor
from local_sagemaker.sagemaker.processing.records import ProcessingStore
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid
from local_sagemaker.sagemaker.protocol.validation import validate, without_nulls
from local_sagemaker.sagemaker.rules import check_training_job, check_tuning_job
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.tuning.tuner import Tuner

__all__ = ["SageMaker", "ServiceError"]

STOP_WITHIN_S = 5.0

Answer = dict[str, Any]


class SageMaker:
    """A SageMaker that trains and serves on this machine. `images` maps repository names to folders with a program
    `entrypoint`; `emit` receives every state change as an event; a job has `grace_s` to end when it is stopped. The
    next instance with the same `store` restores its contents; `package_of` finds a model package of the
    registry, `packages` all of them; `hosting` holds settings of `Hosting`.

    Raises: UnknownQuota: `quotas` has an unknown name or an invalid value."""

    def __init__(
        self,
        *,
        s3: Any,
        home: Path,
        images: Mapping[str, Path],
        region: str,
        account: str,
        emit: Callable[[dict[str, Any]], None],
        quotas: Mapping[str, int] | None = None,
        grace_s: float = 120.0,
        put_log: PutLog = lambda *_: None,
        cloudwatch: Any = None,
        package_of: Callable[[str], Mapping[str, Any] | None] = lambda name: None,
        packages: Packages = tuple,
        hosting: Mapping[str, Any] | None = None,
        store: Store | None = None,
    ):
        self._arns = f"arn:aws:sagemaker:{region}:{account}"
        self._quotas = checked(quotas)
        self._store = store or Store(Memory())
        self._state = State(self._store)
        self._emit = emit
        self._trainer = Trainer(s3, home, images, self._state, self._tell, grace_s, put_log, cloudwatch=cloudwatch)
        self._tuner = Tuner(self._state, self._trainer, self._tell)
        self._threads = Threads()
        self._hosting = Hosting(
            s3=s3,
            home=home,
            images=Images(images),
            package_of=package_of,
            region=region,
            account=account,
            emit=self._tell,
            put_log=put_log,
            store=self._store,
            **(hosting or {}),
        )
        processing = Processor(
            s3,
            home / "processing-jobs",
            Images(images),
            ProcessingStore(self._arns, self._store),
            self._tell,
            grace_s,
            put_log,
        )
        self._processing = ProcessingJobs(processing, self._quotas)
        self.invoke = self._hosting.runtime.answer
        findable = resources(self._state, self._hosting.shelves, packages, self._arns)
        self._answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "CreateHyperParameterTuningJob": self._create_tuning_job,
            "DescribeHyperParameterTuningJob": self._describe_tuning_job,
            "ListHyperParameterTuningJobs": partial(lists.tuning_jobs, self._state),
            "StopHyperParameterTuningJob": self._stop_tuning_job,
            "DeleteHyperParameterTuningJob": partial(deletion.tuning_job, self._state),
            "ListTrainingJobsForHyperParameterTuningJob": partial(lists.training_jobs_of, self._state),
            "CreateTrainingJob": self._create_training_job,
            "DescribeTrainingJob": self._describe_training_job,
            "ListTrainingJobs": partial(lists.training_jobs, self._state),
            "StopTrainingJob": self._stop_training_job,
            "DeleteTrainingJob": partial(deletion.training_job, self._state),
            "AddTags": lambda request: tags.add(self._owner(request), request),
            "ListTags": lambda request: tags.listed(self._owner(request), request),
            "DeleteTags": lambda request: tags.delete(self._owner(request), request),
            "Search": partial(search, findable),
            "GetSearchSuggestions": partial(suggestions, findable),
            **self._hosting.answers,
            **self._processing.answers,
        }

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(self._answers)

    def check(self, operation: str, request: dict[str, Any]) -> None:
        """Raises: ServiceError: the request violates the service model. Operations of moto are checked too."""
        validate(operation, request)

    def handle(self, operation: str, request: dict[str, Any]) -> Answer:
        """Answer one call. Raises: ServiceError: AWS would reject it."""
        validate(operation, request)
        return self._answers[operation](without_nulls(request) or {})

    def resume(self) -> None:
        """Resume the jobs that an earlier process did not finish."""
        for job in self._state.unfinished():
            if isinstance(job, TuningJob):
                self._threads.start(job.name, self._tuner.resume, job)
            elif job.tuning_job is None:
                self._threads.start(job.name, self._trainer.resume, job)
        self._hosting.resume()
        self._processing.resume()

    def stop(self) -> None:
        """End the processes of all jobs, and return when they are gone. No event is emitted: in the store, the jobs are
        still running."""
        self._store.close()
        self._trainer.grace_s = min(self._trainer.grace_s, 1.0)
        for tuning in self._state.all_tuning():
            self._tuner.stop(tuning)
        for training in self._state.all_training():
            self._trainer.stop(training)
        self._hosting.stop(min(self._trainer.grace_s, 1.0), STOP_WITHIN_S)
        self._processing.stop(min(self._trainer.grace_s, 1.0), STOP_WITHIN_S)
        self._threads.join(STOP_WITHIN_S)
        self._trainer.guard.stop()

    def _owner(self, request: dict[str, Any]) -> tags.Owner:
        """The owner of the resource whose tags are requested."""
        owners = (self._hosting.shelves, self._processing.store)
        return next((owner for owner in owners if owner.owns(request["ResourceArn"])), self._state)

    def _tell(self, event: dict[str, Any]) -> None:
        if self._store.is_open:
            self._emit(event)

    def _create_tuning_job(self, request: dict[str, Any]) -> Answer:
        parents, given = warm_start.asked_parents(self._state, request), tags.given(request)
        check_tuning_job(request, self._quotas, parents, sum(len(parent.training_jobs) for parent in parents))
        name, now = request["HyperParameterTuningJobName"], time.time()
        arn = f"{self._arns}:hyper-parameter-tuning-job/{name.lower()}"
        job = TuningJob(name, arn, request, given, created_at=now, modified_at=now)
        with self._state.changing(job):
            self._state.add_tuning(job, self._quotas.get("tuning_jobs", QUOTAS["tuning_jobs"]))
            self._tuner.announce(job)
        self._threads.start(job.name, self._tuner.run, job)
        return {"HyperParameterTuningJobArn": arn}

    def _describe_tuning_job(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            job = self._state.tuning(request["HyperParameterTuningJobName"])
            return views.tuning_job(job, warm_start.parents(self._state, job))

    def _stop_tuning_job(self, request: dict[str, Any]) -> Answer:
        """SageMaker's own Python SDK treats a ValidationException as "already stopped or not running"."""
        job = self._state.tuning(request["HyperParameterTuningJobName"])
        if job.ended_at is not None:
            raise invalid(f"The request was rejected because the tuning job is already in status {job.status}.")
        self._tuner.stop(job)
        return {}

    def _create_training_job(self, request: dict[str, Any]) -> Answer:
        check_training_job(request)
        name, now = request["TrainingJobName"], time.time()
        arn = f"{self._arns}:training-job/{name.lower()}"
        given = dict(request.get("HyperParameters", {}))
        job = TrainingJob(name, arn, request, given, tags.given(request), created_at=now, modified_at=now)
        with self._state.changing(job):
            refuse_beyond(
                self._quotas, "training_jobs", sum(not other.has_ended for other in self._state.all_training()), 1
            )
            self._state.add_training(job)
            self._trainer.announce(job)
        self._threads.start(job.name, self._trainer.run, job)
        return {"TrainingJobArn": arn}

    def _describe_training_job(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            job = self._state.training(request["TrainingJobName"])
            return views.training_job(job, views.tuning_arn(self._arns, job))

    def _stop_training_job(self, request: dict[str, Any]) -> Answer:
        job = self._state.training(request["TrainingJobName"])
        if job.has_ended:
            raise invalid(f"The request was rejected because the training job is in status {job.status}.")
        self._trainer.stop(job)
        return {}
