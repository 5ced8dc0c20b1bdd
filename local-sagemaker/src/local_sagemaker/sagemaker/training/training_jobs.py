"""The operations on training jobs; `Trainer` does the work."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs import tags, views
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.quotas import refuse_beyond
from local_sagemaker.sagemaker.jobs.statuses import check_can_delete, check_can_stop
from local_sagemaker.sagemaker.jobs.threads import Threads
from local_sagemaker.sagemaker.rules import check_training_job
from local_sagemaker.sagemaker.training.trainer import Trainer

Answer = dict[str, Any]
LISTING = Listing("TrainingJob", "TrainingJobSummaries", is_status_last=True)


class TrainingJobs:
    """Runs each job in a thread of `threads`."""

    def __init__(self, trainer: Trainer, quotas: Mapping[str, int], threads: Threads):
        self._trainer = trainer
        self._state = trainer.state
        self._arns = trainer.platform.arns
        self._quotas = quotas
        self._threads = threads
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "CreateTrainingJob": self._create,
            "DescribeTrainingJob": self._describe,
            "ListTrainingJobs": self._list,
            "StopTrainingJob": self._stop,
            "DeleteTrainingJob": self._delete,
        }

    def resume(self) -> None:
        """Run the jobs again that had not ended, except those of tuning jobs."""
        for job in self._state.all_training():
            if job.ended_at is None and job.tuning_job is None:
                self._threads.start(job.name, self._trainer.resume, job)

    def stop(self) -> None:
        """Ask all jobs to stop, which a closed store keeps as they were."""
        for job in self._state.all_training():
            self._trainer.stop(job)

    def _create(self, request: dict[str, Any]) -> Answer:
        check_training_job(request)
        name, now = request["TrainingJobName"], time.time()
        arn = f"{self._arns}:training-job/{name.lower()}"
        given = dict(request.get("HyperParameters", {}))
        job = TrainingJob(name, arn, request, given, tags.given(request), created_at=now, modified_at=now)
        with self._state.changing(job):
            running = sum(not other.has_ended for other in self._state.all_training())
            refuse_beyond(self._quotas, "training_jobs", running, 1)
            self._state.add_training(job)
            self._trainer.announce(job)
        self._threads.start(name, self._trainer.run, job)
        return {"TrainingJobArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            job = self._named(request)
            return views.training_job(job, views.tuning_arn(self._arns, job))

    def _list(self, request: dict[str, Any]) -> Answer:
        """No job here has a warm pool or a training plan: filtering by them returns nothing."""
        with self._state.lock:
            rows = [views.training_job_row(job) for job in self._state.all_training()]
        if "WarmPoolStatusEquals" in request or "TrainingPlanArnEquals" in request:
            rows = []
        return LISTING.answer(rows, request)

    def _stop(self, request: dict[str, Any]) -> Answer:
        job = self._named(request)
        check_can_stop("training job", job.status)
        self._trainer.stop(job)
        return {}

    def _delete(self, request: dict[str, Any]) -> Answer:
        """Delete the job's entry; its results stay, and the tuning job that launched it still lists it.

        Raises: ServiceError: it does not exist, or has not ended."""
        with self._state.lock:
            job = self._named(request)
            check_can_delete("training job", job.name, job.status)
            self._state.remove_training(job)
        return {}

    def _named(self, request: dict[str, Any]) -> TrainingJob:
        """Raises: ServiceError: it does not exist."""
        return self._state.training(request["TrainingJobName"])
