"""SageMaker's tuning and training jobs, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.aws.faults import code_of, text_of, translated
from chalicelib.results.outcome import TrainingJob, TuningJob, usable
from chalicelib.tuning_request import JobIdentity, identity_of

_MISSING = {"ResourceNotFound", "ResourceNotFoundException"}


class NameInUse(Exception):
    """A tuning job of that name exists in this account and region; unique names serve as the lock."""


class Rejected(Exception):
    """SageMaker will never accept this request; the message is SageMaker's."""


class SageMaker:
    """The calls that the pipeline makes. All but `create` and `stop` only read."""

    def __init__(self, client: Any):
        self._client = client

    def create(self, request: Mapping[str, Any]) -> None:
        """Start a tuning job. Raises: NameInUse; Rejected; QuotaExceeded, Throttled, Unavailable: retry."""
        try:
            with translated():
                self._client.create_hyper_parameter_tuning_job(**request)
        except ParamValidationError as error:
            raise Rejected(str(error)) from error
        except ClientError as error:
            if code_of(error) == "ResourceInUse":
                raise NameInUse(text_of(error)) from error
            raise Rejected(f"{code_of(error)}: {text_of(error)}") from error

    def describe(self, name: str) -> TuningJob | None:
        """Return the tuning job, or None if there is none of that name."""
        found = self._describe(name)
        return _tuning_job(found) if found else None

    def ours(self, name: str, stack: str) -> tuple[TuningJob, JobIdentity] | None:
        """Return the tuning job and the identity in its tags, if this stack started it, or None."""
        found = self._describe(name)
        identity = identity_of(self._tags(found["HyperParameterTuningJobArn"])) if found else None
        return (_tuning_job(found), identity) if found and identity and identity.stack == stack else None

    def tags(self, name: str) -> dict[str, str]:
        """Return the tuning job's tags; empty if there is no such job."""
        found = self._describe(name)
        return self._tags(found["HyperParameterTuningJobArn"]) if found else {}

    def stop(self, name: str) -> bool:
        """Stop a tuning job and its training jobs, unless it is already stopping. False: it has already ended."""
        job = self.describe(name)
        if job is None or job.has_ended:
            return False
        if job.status == "InProgress":
            with translated():
                self._client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        return True

    def open_searches(self, prefix: str) -> int:
        """Count the tuning jobs in progress whose name begins with our prefix."""
        pages = self._client.get_paginator("list_hyper_parameter_tuning_jobs").paginate(
            NameContains=f"{prefix}-", StatusEquals="InProgress"
        )
        with translated():
            names = [s["HyperParameterTuningJobName"] for page in pages for s in _summaries(page)]
        return sum(name.startswith(f"{prefix}-") for name in names)

    def training_jobs(self, tuning_job: str) -> tuple[TrainingJob, ...]:
        """Return every training job of a tuning job, sorted by name.

        Describes only the leading ones individually: the best that completed, until one has an artifact. The others'
        `model_uri` is None, which does not change which job with an artifact is the best."""
        jobs = sorted(self._list(tuning_job), key=lambda job: job.name)
        led = sorted((job for job in jobs if usable(job.objective) is not None), key=lambda job: job.objective or 0.0)
        for job in led:
            if job.status != "Completed":
                continue
            described = self._described(job)
            jobs[jobs.index(job)] = described
            if described.model_uri:
                break
        return tuple(jobs)

    def _list(self, tuning_job: str) -> Iterator[TrainingJob]:
        pages = self._client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
            HyperParameterTuningJobName=tuning_job, PaginationConfig={"PageSize": 100}
        )
        with translated():
            yield from (_training_job(found) for page in pages for found in page["TrainingJobSummaries"])

    def _described(self, job: TrainingJob) -> TrainingJob:
        """Return the same job, with its artifact, its static hyperparameters and its metrics."""
        with translated():
            found = self._client.describe_training_job(TrainingJobName=job.name)
        given = {k: v for k, v in found.get("HyperParameters", {}).items() if not k.startswith("_")}
        uri = (found.get("ModelArtifacts") or {}).get("S3ModelArtifacts")
        last = {metric["MetricName"]: metric["Value"] for metric in found.get("FinalMetricDataList") or ()}
        metrics = {name: value for name, value in last.items() if usable(value) is not None}
        return replace(job, hyperparameters=given or job.hyperparameters, model_uri=uri, metrics=metrics)

    def _describe(self, name: str) -> dict[str, Any] | None:
        with translated():
            try:
                found = self._client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
            except ClientError as error:
                if code_of(error) in _MISSING:
                    return None
                raise
        return dict(found)

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self._client.get_paginator("list_tags").paginate(ResourceArn=arn)
        with translated():
            return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def _summaries(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(page["HyperParameterTuningJobSummaries"])


def _tuning_job(found: Mapping[str, Any]) -> TuningJob:
    definition = found.get("TrainingJobDefinition") or {}
    return TuningJob(
        name=found["HyperParameterTuningJobName"],
        status=found["HyperParameterTuningJobStatus"],
        failure=found.get("FailureReason"),
        created_at=_epoch(found.get("CreationTime")),
        ended_at=_epoch(found.get("HyperParameterTuningEndTime")),
        image=(definition.get("AlgorithmSpecification") or {}).get("TrainingImage"),
        claimed_best=(found.get("BestTrainingJob") or {}).get("TrainingJobName"),
    )


def _training_job(found: Mapping[str, Any]) -> TrainingJob:
    metric = found.get("FinalHyperParameterTuningJobObjectiveMetric") or {}
    started, ended = _epoch(found.get("TrainingStartTime")), _epoch(found.get("TrainingEndTime"))
    return TrainingJob(
        name=found["TrainingJobName"],
        status=found["TrainingJobStatus"],
        hyperparameters=dict(found.get("TunedHyperParameters") or {}),
        objective=metric.get("Value"),
        seconds=round(ended - started, 3) if started and ended else None,
        started_at=started,
        ended_at=ended,
        failure=found.get("FailureReason"),
        model_uri=None,
    )


def _epoch(time: datetime | None) -> float | None:
    return time.timestamp() if time else None
