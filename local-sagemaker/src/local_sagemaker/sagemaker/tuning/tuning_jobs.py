"""The operations on tuning jobs; `Tuner` does the work."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs import tags, views, warm_start
from local_sagemaker.sagemaker.jobs.jobs import TuningJob
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.quotas import QUOTAS
from local_sagemaker.sagemaker.jobs.threads import Threads
from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.rules import check_tuning_job
from local_sagemaker.sagemaker.tuning.tuner import Tuner

Answer = dict[str, Any]
_OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"
LISTING = Listing("HyperParameterTuningJob", "HyperParameterTuningJobSummaries", sort_by="Name")
TRAINING_JOBS = Listing(
    "TrainingJob",
    "TrainingJobSummaries",
    sort_by="Name",
    more_keys={"FinalObjectiveMetricValue": lambda row: row.get(_OBJECTIVE, {}).get("Value")},
)


class TuningJobs:
    """Runs each job in a thread of `threads`."""

    def __init__(self, tuner: Tuner, quotas: Mapping[str, int], threads: Threads):
        self._tuner = tuner
        self._state = tuner.state
        self._arns = tuner.trainer.platform.arns
        self._quotas = quotas
        self._threads = threads
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "CreateHyperParameterTuningJob": self._create,
            "DescribeHyperParameterTuningJob": self._describe,
            "ListHyperParameterTuningJobs": self._list,
            "ListTrainingJobsForHyperParameterTuningJob": self._list_training_jobs,
            "StopHyperParameterTuningJob": self._stop,
            "DeleteHyperParameterTuningJob": self._delete,
        }

    def resume(self) -> None:
        """Resume the jobs that had not ended."""
        for job in self._state.all_tuning():
            if job.ended_at is None:
                self._threads.start(job.name, self._tuner.resume, job)

    def stop(self) -> None:
        """Ask all jobs to stop, which a closed store keeps as they were."""
        for job in self._state.all_tuning():
            self._tuner.stop(job)

    def _create(self, request: dict[str, Any]) -> Answer:
        parents, given = warm_start.asked_parents(self._state, request), tags.given(request)
        check_tuning_job(request, self._quotas, parents, sum(len(parent.training_jobs) for parent in parents))
        name, now = request["HyperParameterTuningJobName"], time.time()
        arn = f"{self._arns}:hyper-parameter-tuning-job/{name.lower()}"
        job = TuningJob(name, arn, request, given, created_at=now, modified_at=now)
        with self._state.changing(job):
            self._state.add_tuning(job, self._quotas.get("tuning_jobs", QUOTAS["tuning_jobs"]))
            self._tuner.announce(job)
        self._threads.start(name, self._tuner.run, job)
        return {"HyperParameterTuningJobArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            job = self._named(request)
            return views.tuning_job(job, warm_start.parents(self._state, job))

    def _list(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            rows = [views.tuning_job_summary(job) for job in self._state.all_tuning()]
        return LISTING.answer(rows, request)

    def _list_training_jobs(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            tuning = self._named(request)
            rows = [views.training_job_summary(tuning, job) for job in tuning.training_jobs]
        return TRAINING_JOBS.answer(rows, request)

    def _stop(self, request: dict[str, Any]) -> Answer:
        """SageMaker's own Python SDK treats a ValidationException as "already stopped or not running"."""
        job = self._named(request)
        if job.ended_at is not None:
            raise invalid(f"The request was rejected because the tuning job is already in status {job.status}.")
        self._tuner.stop(job)
        return {}

    def _delete(self, request: dict[str, Any]) -> Answer:
        """Delete the job's entry. Its training jobs, their tags and artifacts stay; its name can be reused.

        Raises: ServiceError: it does not exist, or has not ended; of AWS's message for the latter, only "not in a
        terminal state" is known."""
        with self._state.lock:
            job = self._named(request)
            if job.ended_at is None:
                text = f"The hyperparameter tuning job {job.name} with status {job.status}"
                raise invalid(f"{text} is not in a terminal state.")
            self._state.remove_tuning(job)
        return {}

    def _named(self, request: dict[str, Any]) -> TuningJob:
        """Raises: ServiceError: it does not exist."""
        return self._state.tuning(request["HyperParameterTuningJobName"])
