"""Jobs as the API returns them: AWS's members, without those that have no value, and times as epoch seconds."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from local_sagemaker.sagemaker.jobs.completion import progress
from local_sagemaker.sagemaker.jobs.defaults import filled_config, filled_definition, filled_training_job
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, INTERNAL_ERROR, STOPPED
from local_sagemaker.sagemaker.jobs.warm_start import overall_best
from local_sagemaker.sagemaker.protocol.members import present

_NOT_SHOWN = ("Tags", "HyperParameters", "SessionChainingConfig")
"""Members of CreateTrainingJob's request that DescribeTrainingJob omits or returns in another form."""


def tuning_job(job: TuningJob, parents: Sequence[TuningJob] = ()) -> dict[str, Any]:
    """DescribeHyperParameterTuningJob's response; `parents` are those of its warm start."""
    best = job.best
    return present(
        HyperParameterTuningJobName=job.name,
        HyperParameterTuningJobArn=job.arn,
        HyperParameterTuningJobConfig=filled_config(job.request["HyperParameterTuningJobConfig"]),
        TrainingJobDefinition=next(iter(_shown_definitions(job, "TrainingJobDefinition")), None),
        TrainingJobDefinitions=_shown_definitions(job, "TrainingJobDefinitions") or None,
        HyperParameterTuningJobStatus=job.status,
        CreationTime=job.created_at,
        HyperParameterTuningEndTime=job.ended_at,
        LastModifiedTime=job.modified_at,
        TrainingJobStatusCounters=status_counters(job),
        ObjectiveStatusCounters=objective_counters(job),
        BestTrainingJob=training_job_summary(job, best) if best else None,
        OverallBestTrainingJob=_overall_best(job, parents),
        WarmStartConfig=job.request.get("WarmStartConfig"),
        FailureReason=job.failure,
        TuningJobCompletionDetails=_completion_details(job),
        ConsumedResources={"RuntimeInSeconds": max(0, int(job.runtime_s(time.time())))},
    )


def tuning_job_summary(job: TuningJob) -> dict[str, Any]:
    """A row of ListHyperParameterTuningJobs."""
    config = job.request["HyperParameterTuningJobConfig"]
    return present(
        HyperParameterTuningJobName=job.name,
        HyperParameterTuningJobArn=job.arn,
        HyperParameterTuningJobStatus=job.status,
        Strategy=config["Strategy"],
        CreationTime=job.created_at,
        HyperParameterTuningEndTime=job.ended_at,
        LastModifiedTime=job.modified_at,
        TrainingJobStatusCounters=status_counters(job),
        ObjectiveStatusCounters=objective_counters(job),
        ResourceLimits=config["ResourceLimits"],
    )


def training_job_summary(tuning: TuningJob, job: TrainingJob) -> dict[str, Any]:
    """A row of ListTrainingJobsForHyperParameterTuningJob."""
    status, value, definition = objective_status(tuning, job), tuning.objective(job), tuning.definition_of(job)
    final = {"Type": definition.kind, "MetricName": definition.metric, "Value": value}
    return present(
        TrainingJobDefinitionName=definition.name,
        TrainingJobName=job.name,
        TrainingJobArn=job.arn,
        CreationTime=job.created_at,
        TrainingStartTime=job.started_at,
        TrainingEndTime=job.ended_at,
        TrainingJobStatus=job.status,
        TunedHyperParameters=job.tuned,
        FailureReason=job.failure,
        FinalHyperParameterTuningJobObjectiveMetric=final if value is not None else None,
        ObjectiveStatus=status,
    )


def training_job(job: TrainingJob, tuning_arn: str | None) -> dict[str, Any]:
    """DescribeTrainingJob's response."""
    metrics = [
        {"MetricName": name, "Value": value, "Timestamp": at} for name, (value, at) in sorted(job.metrics.items())
    ]
    seconds = round(job.ended_at - job.started_at) if job.ended_at and job.started_at else None
    asked = filled_training_job(job.request)
    return {
        **{name: value for name, value in asked.items() if name not in _NOT_SHOWN},
        **present(
            TrainingJobName=job.name,
            TrainingJobArn=job.arn,
            TuningJobArn=tuning_arn,
            HyperParameters=job.hyperparameters or None,
            ModelArtifacts={"S3ModelArtifacts": job.model_uri} if job.model_uri else None,
            TrainingJobStatus=job.status,
            SecondaryStatus=job.secondary,
            SecondaryStatusTransitions=job.transitions,
            FailureReason=job.failure,
            CreationTime=job.created_at,
            TrainingStartTime=job.started_at,
            TrainingEndTime=job.ended_at,
            LastModifiedTime=job.modified_at,
            FinalMetricDataList=metrics or None,
            TrainingTimeInSeconds=max(1, seconds) if seconds is not None else None,
            BillableTimeInSeconds=max(1, seconds) if seconds is not None else None,
        ),
    }


def tuning_arn(arns: str, job: TrainingJob) -> str | None:
    """The ARN of the tuning job that launched this training job, if one did; `arns` is the start of all ARNs."""
    return f"{arns}:hyper-parameter-tuning-job/{job.tuning_job.lower()}" if job.tuning_job else None


def training_job_row(job: TrainingJob) -> dict[str, Any]:
    """A row of ListTrainingJobs."""
    return present(
        TrainingJobName=job.name,
        TrainingJobArn=job.arn,
        CreationTime=job.created_at,
        TrainingEndTime=job.ended_at,
        LastModifiedTime=job.modified_at,
        TrainingJobStatus=job.status,
        SecondaryStatus=job.secondary,
    )


def status_counters(job: TuningJob) -> dict[str, int]:
    """The number of training jobs in each state."""
    counts = Counter(one.status for one in job.training_jobs)
    ended = counts[COMPLETED] + counts[FAILED] + counts[STOPPED]
    failures = [one.failure or "" for one in job.training_jobs if one.status == FAILED]
    retryable = sum(failure.startswith(INTERNAL_ERROR) for failure in failures)
    return {
        "Completed": counts[COMPLETED],
        "InProgress": len(job.training_jobs) - ended,
        "RetryableError": retryable,
        "NonRetryableError": counts[FAILED] - retryable,
        "Stopped": counts[STOPPED],
    }


def objective_counters(job: TuningJob) -> dict[str, int]:
    """The number of training jobs that have an objective, may still get one, or will not."""
    counts = Counter(objective_status(job, one) for one in job.training_jobs)
    return {name: counts[name] for name in ("Succeeded", "Pending", "Failed")}


def objective_status(tuning: TuningJob, job: TrainingJob) -> str:
    """Succeeded, Pending or Failed."""
    if not job.has_ended:
        return "Pending"
    return "Failed" if tuning.objective(job) is None else "Succeeded"


def _shown_definitions(job: TuningJob, member: str) -> list[dict[str, Any]]:
    """The request's definitions with the static hyperparameter that SageMaker adds."""
    given = job.request.get(member, [])
    shown = zip(given if isinstance(given, list) else [given], job.definitions, strict=False)
    return [
        {**filled_definition(one), "StaticHyperParameters": {**found.static, "_tuning_objective_metric": found.metric}}
        for one, found in shown
    ]


def _overall_best(job: TuningJob, parents: Sequence[TuningJob]) -> dict[str, Any] | None:
    found = overall_best(job, parents)
    return {**training_job_summary(*found), "TuningJobName": found[0].name} if found else None


def _completion_details(job: TuningJob) -> dict[str, Any]:
    """The completion details, which AWS returns whether or not they are criteria."""
    ended = [(one.ended_at or 0.0, value) for one in job.training_jobs if (value := job.objective(one)) is not None]
    found = progress(ended, job.definitions[0].sign)
    return present(
        NumberOfTrainingJobsObjectiveNotImproving=found.not_improving, ConvergenceDetectedTime=found.converged_at
    )
