"""Jobs as the API shows them: AWS's members, those without a value left out, times as epoch seconds."""

from collections import Counter
from typing import Any

from localaws.sagemaker.state import COMPLETED, FAILED, STOPPED, TrainingJob, TuningJob


def tuning_job(job: TuningJob) -> dict[str, Any]:
    """DescribeHyperParameterTuningJob's answer."""
    best = job.best
    runtime = sum((one.ended_at or 0) - (one.started_at or 0) for one in job.training_jobs if one.ended_at)
    return _given(
        HyperParameterTuningJobName=job.name,
        HyperParameterTuningJobArn=job.arn,
        HyperParameterTuningJobConfig=job.request["HyperParameterTuningJobConfig"],
        TrainingJobDefinition=_shown_definition(job),
        HyperParameterTuningJobStatus=job.status,
        CreationTime=job.created_at,
        HyperParameterTuningEndTime=job.ended_at,
        LastModifiedTime=job.modified_at,
        TrainingJobStatusCounters=status_counters(job),
        ObjectiveStatusCounters=objective_counters(job),
        BestTrainingJob=training_job_summary(job, best) if best else None,
        FailureReason=job.failure,
        ConsumedResources={"RuntimeInSeconds": max(0, int(runtime))},
    )


def tuning_job_summary(job: TuningJob) -> dict[str, Any]:
    """A row of ListHyperParameterTuningJobs."""
    config = job.request["HyperParameterTuningJobConfig"]
    return _given(
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
    status, final = objective_status(tuning, job), None
    if status == "Succeeded":
        value, _ = job.metrics[tuning.metric]
        final = {"Type": tuning.objective["Type"], "MetricName": tuning.metric, "Value": value}
    return _given(
        TrainingJobName=job.name,
        TrainingJobArn=job.arn,
        CreationTime=job.created_at,
        TrainingStartTime=job.started_at,
        TrainingEndTime=job.ended_at,
        TrainingJobStatus=job.status,
        TunedHyperParameters=job.tuned,
        FailureReason=job.failure,
        FinalHyperParameterTuningJobObjectiveMetric=final,
        ObjectiveStatus=status,
    )


def training_job(job: TrainingJob, tuning_arn: str | None) -> dict[str, Any]:
    """DescribeTrainingJob's answer."""
    metrics = [
        {"MetricName": name, "Value": value, "Timestamp": at} for name, (value, at) in sorted(job.metrics.items())
    ]
    seconds = round(job.ended_at - job.started_at) if job.ended_at and job.started_at else None
    asked = {name: value for name, value in job.request.items() if name not in ("Tags", "HyperParameters")}
    return {
        **asked,
        **_given(
            TrainingJobName=job.name,
            TrainingJobArn=job.arn,
            TuningJobArn=tuning_arn,
            HyperParameters=job.hyperparameters,
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


def training_job_row(job: TrainingJob) -> dict[str, Any]:
    """A row of ListTrainingJobs."""
    return _given(
        TrainingJobName=job.name,
        TrainingJobArn=job.arn,
        CreationTime=job.created_at,
        TrainingEndTime=job.ended_at,
        LastModifiedTime=job.modified_at,
        TrainingJobStatus=job.status,
        SecondaryStatus=job.secondary,
    )


def status_counters(job: TuningJob) -> dict[str, int]:
    """How many training jobs are in which state."""
    counts = Counter(one.status for one in job.training_jobs)
    ended = counts[COMPLETED] + counts[FAILED] + counts[STOPPED]
    return {
        "Completed": counts[COMPLETED],
        "InProgress": len(job.training_jobs) - ended,
        "RetryableError": 0,
        "NonRetryableError": counts[FAILED],
        "Stopped": counts[STOPPED],
    }


def objective_counters(job: TuningJob) -> dict[str, int]:
    """How many training jobs gave an objective, may still, or will not."""
    counts = Counter(objective_status(job, one) for one in job.training_jobs)
    return {name: counts[name] for name in ("Succeeded", "Pending", "Failed")}


def objective_status(tuning: TuningJob, job: TrainingJob) -> str:
    """Succeeded, Pending or Failed."""
    if not job.has_ended:
        return "Pending"
    return "Succeeded" if tuning.metric in job.metrics and job.status != FAILED else "Failed"


def _shown_definition(job: TuningJob) -> dict[str, Any]:
    """The definition with the static hyperparameter that SageMaker adds."""
    static = job.definition.get("StaticHyperParameters", {})
    return {**job.definition, "StaticHyperParameters": {**static, "_tuning_objective_metric": job.metric}}


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
