"""The API: each operation that this service answers, and what it does. Everything else of SageMaker's is not ours."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from localaws.sagemaker import views
from localaws.sagemaker.errors import ServiceError
from localaws.sagemaker.events import training_job_event
from localaws.sagemaker.listing import listed
from localaws.sagemaker.rules import check_stopping, check_tuning_job
from localaws.sagemaker.state import STOPPING, State, TrainingJob, TuningJob
from localaws.sagemaker.training import Trainer
from localaws.sagemaker.tuning import Tuner
from localaws.sagemaker.validation import validate

__all__ = ["SageMaker", "ServiceError"]

QUOTAS = {"tuning_jobs": 100, "parallel_training_jobs": 10}
"""SageMaker's defaults: concurrent tuning jobs, and parallel training jobs of one (automatic-model-tuning-limits)."""
STOP_WITHIN_S = 5.0

Answer = dict[str, Any]


class SageMaker:
    """A SageMaker that trains on this machine. `images` maps repository names to folders with a program
    `entrypoint`; `emit` gets every state change as an event; a job told to stop has `grace_s` to end."""

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
    ):
        self._arns = f"arn:aws:sagemaker:{region}:{account}"
        self._quotas = {**QUOTAS, **(quotas or {})}
        self._emit = emit
        self._state = State()
        self._trainer = Trainer(s3, home, images, self._state, emit, grace_s)
        self._tuner = Tuner(self._state, self._trainer, emit)
        self._threads: list[threading.Thread] = []
        self._answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "CreateHyperParameterTuningJob": self._create_tuning_job,
            "DescribeHyperParameterTuningJob": self._describe_tuning_job,
            "ListHyperParameterTuningJobs": self._list_tuning_jobs,
            "StopHyperParameterTuningJob": self._stop_tuning_job,
            "ListTrainingJobsForHyperParameterTuningJob": self._list_training_jobs_of,
            "CreateTrainingJob": self._create_training_job,
            "DescribeTrainingJob": self._describe_training_job,
            "ListTrainingJobs": self._list_training_jobs,
            "StopTrainingJob": self._stop_training_job,
            "AddTags": self._add_tags,
            "ListTags": self._list_tags,
            "DeleteTags": self._delete_tags,
        }

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(self._answers)

    def handle(self, operation: str, request: dict[str, Any]) -> Answer:
        """One call. Raises: ServiceError: as AWS would refuse it."""
        validate(operation, request)
        return self._answers[operation](request)

    def stop(self) -> None:
        """End every job and its processes; returns when they are gone."""
        object.__setattr__(self._trainer, "grace_s", 1.0)
        for tuning in self._state.all_tuning():
            self._tuner.stop(tuning)
        for training in self._state.all_training():
            training.stop.set()
        until = time.monotonic() + STOP_WITHIN_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _create_tuning_job(self, request: dict[str, Any]) -> Answer:
        check_tuning_job(request, self._quotas)
        name, now = request["HyperParameterTuningJobName"], time.time()
        arn = f"{self._arns}:hyper-parameter-tuning-job/{name.lower()}"
        job = TuningJob(name, arn, request, _tags(request), created_at=now, modified_at=now)
        self._state.add_tuning(job, self._quotas["tuning_jobs"])
        self._in_a_thread(self._tuner.run, job)
        return {"HyperParameterTuningJobArn": arn}

    def _describe_tuning_job(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            return views.tuning_job(self._state.tuning(request["HyperParameterTuningJobName"]))

    def _list_tuning_jobs(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            rows = [views.tuning_job_summary(job) for job in self._state.all_tuning()]
        page, token = listed(
            rows,
            request,
            name="HyperParameterTuningJobName",
            status="HyperParameterTuningJobStatus",
            order="Ascending",
            keys={
                "Name": lambda row: row["HyperParameterTuningJobName"],
                "Status": lambda row: row["HyperParameterTuningJobStatus"],
                "CreationTime": lambda row: row["CreationTime"],
            },
        )
        return _page("HyperParameterTuningJobSummaries", page, token)

    def _stop_tuning_job(self, request: dict[str, Any]) -> Answer:
        self._tuner.stop(self._state.tuning(request["HyperParameterTuningJobName"]))
        return {}

    def _list_training_jobs_of(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            tuning = self._state.tuning(request["HyperParameterTuningJobName"])
            rows = [views.training_job_summary(tuning, job) for job in tuning.training_jobs]
        objective = "FinalHyperParameterTuningJobObjectiveMetric"
        page, token = listed(
            rows,
            request,
            name="TrainingJobName",
            status="TrainingJobStatus",
            order="Ascending",
            keys={
                "Name": lambda row: row["TrainingJobName"],
                "CreationTime": lambda row: row["CreationTime"],
                "Status": lambda row: row["TrainingJobStatus"],
                "FinalObjectiveMetricValue": lambda row: row.get(objective, {}).get("Value"),
            },
        )
        return _page("TrainingJobSummaries", page, token)

    def _create_training_job(self, request: dict[str, Any]) -> Answer:
        check_stopping(request)
        name, now = request["TrainingJobName"], time.time()
        arn = f"{self._arns}:training-job/{name.lower()}"
        given = dict(request.get("HyperParameters", {}))
        job = TrainingJob(name, arn, request, given, _tags(request), created_at=now, modified_at=now)
        self._state.add_training(job)
        self._in_a_thread(self._trainer.run, job)
        return {"TrainingJobArn": arn}

    def _describe_training_job(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            job = self._state.training(request["TrainingJobName"])
            return views.training_job(job, self._state.tuning(job.tuning_job).arn if job.tuning_job else None)

    def _list_training_jobs(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            rows = [views.training_job_row(job) for job in self._state.all_training()]
        page, token = listed(
            rows,
            request,
            name="TrainingJobName",
            status="TrainingJobStatus",
            order="Ascending",
            keys={
                "CreationTime": lambda row: row["CreationTime"],
                "Name": lambda row: row["TrainingJobName"],
                "Status": lambda row: row["TrainingJobStatus"],
            },
        )
        return _page("TrainingJobSummaries", page, token)

    def _stop_training_job(self, request: dict[str, Any]) -> Answer:
        with self._state.changing():
            job = self._state.training(request["TrainingJobName"])
            if job.has_ended or job.stop.is_set():
                return {}
            job.stop.set()
            job.status = STOPPING
            job.turn(STOPPING, "Stopping the training job")
        self._emit(training_job_event(job))
        return {}

    def _add_tags(self, request: dict[str, Any]) -> Answer:
        with self._state.changing():
            job = self._state.by_arn(request["ResourceArn"])
            job.tags.update(_tags(request))
            return {"Tags": _as_list(job.tags)}

    def _list_tags(self, request: dict[str, Any]) -> Answer:
        with self._state.lock:
            return {"Tags": _as_list(self._state.by_arn(request["ResourceArn"]).tags)}

    def _delete_tags(self, request: dict[str, Any]) -> Answer:
        with self._state.changing():
            job = self._state.by_arn(request["ResourceArn"])
            for key in request["TagKeys"]:
                job.tags.pop(key, None)
        return {}

    def _in_a_thread(self, run: Callable[[Any], None], job: TrainingJob | TuningJob) -> None:
        thread = threading.Thread(target=run, args=(job,), name=job.name, daemon=True)
        self._threads = [*(t for t in self._threads if t.is_alive()), thread]
        thread.start()


def _page(member: str, rows: list[dict[str, Any]], token: str | None) -> Answer:
    return {member: rows, **({"NextToken": token} if token else {})}


def _tags(request: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}


def _as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
