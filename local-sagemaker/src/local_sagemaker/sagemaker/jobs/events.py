"""SageMaker's state-change events in their documented shape.

docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: times are epoch milliseconds, and
the best training job is not included.
"""

from typing import Any

from local_sagemaker.sagemaker.jobs.defaults import filled_training_job
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.views import objective_counters, status_counters


def tuning_job_event(job: TuningJob) -> dict[str, Any]:
    """The event for the tuning job's current status."""
    detail = {
        "HyperParameterTuningJobName": job.name,
        "HyperParameterTuningJobArn": job.arn,
        **{name: job.request[name] for name in _DEFINITIONS if name in job.request},
        "HyperParameterTuningJobStatus": job.status,
        "CreationTime": milliseconds(job.created_at),
        "LastModifiedTime": milliseconds(job.modified_at),
        "TrainingJobStatusCounters": status_counters(job),
        "ObjectiveStatusCounters": objective_counters(job),
        "Tags": dict(job.tags),
    }
    return state_change("SageMaker HyperParameter Tuning Job State Change", job.arn, detail)


def training_job_event(job: TrainingJob) -> dict[str, Any]:
    """The event for the training job's current status."""
    asked = filled_training_job(job.request)
    detail = {
        "TrainingJobName": job.name,
        "TrainingJobArn": job.arn,
        **({"TuningJobArn": _tuning_job_arn(job.arn, job.tuning_job)} if job.tuning_job else {}),
        "TrainingJobStatus": job.status,
        "SecondaryStatus": job.secondary,
        "HyperParameters": dict(job.hyperparameters),
        **{name: asked[name] for name in _PARTS if name in asked},
        "CreationTime": milliseconds(job.created_at),
        "TrainingStartTime": milliseconds(job.started_at),
        "TrainingEndTime": milliseconds(job.ended_at),
        "LastModifiedTime": milliseconds(job.modified_at),
        "FailureReason": job.failure,
        "SecondaryStatusTransitions": [_transition(found) for found in job.transitions],
        "Tags": dict(job.tags),
    }
    return state_change("SageMaker Training Job State Change", job.arn, detail)


_DEFINITIONS = ("TrainingJobDefinition", "TrainingJobDefinitions")
_PARTS = (
    "AlgorithmSpecification", "RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "VpcConfig",
    "StoppingCondition",
)  # fmt: skip


def state_change(detail_type: str, arn: str, detail: dict[str, Any]) -> dict[str, Any]:
    """The event of a resource's change of state."""
    return {"source": "aws.sagemaker", "detail-type": detail_type, "resources": [arn], "detail": detail}


def _tuning_job_arn(training_arn: str, name: str) -> str:
    return f"{training_arn.rsplit(':', 1)[0]}:hyper-parameter-tuning-job/{name.lower()}"


def _transition(found: dict[str, Any]) -> dict[str, Any]:
    return {name: milliseconds(value) if name.endswith("Time") else value for name, value in found.items()}


def milliseconds(epoch_s: float | None) -> int | None:
    return None if epoch_s is None else round(epoch_s * 1000)
