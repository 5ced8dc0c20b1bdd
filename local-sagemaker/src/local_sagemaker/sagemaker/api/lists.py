"""The List calls: their rows and sort keys, the default first."""

from collections.abc import Callable
from typing import Any

from local_sagemaker.sagemaker.jobs import views
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.state import State

_OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


def _member(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row[name]


TUNING_JOBS = Listing(
    name="HyperParameterTuningJobName",
    status="HyperParameterTuningJobStatus",
    keys={
        "Name": _member("HyperParameterTuningJobName"),
        "Status": _member("HyperParameterTuningJobStatus"),
        "CreationTime": _member("CreationTime"),
    },
)
TRAINING_JOBS_OF = Listing(
    name="TrainingJobName",
    status="TrainingJobStatus",
    keys={
        "Name": _member("TrainingJobName"),
        "CreationTime": _member("CreationTime"),
        "Status": _member("TrainingJobStatus"),
        "FinalObjectiveMetricValue": lambda row: row.get(_OBJECTIVE, {}).get("Value"),
    },
)
TRAINING_JOBS = Listing(
    name="TrainingJobName",
    status="TrainingJobStatus",
    keys={
        "CreationTime": _member("CreationTime"),
        "Name": _member("TrainingJobName"),
        "Status": _member("TrainingJobStatus"),
    },
    is_status_last=True,
)


def tuning_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListHyperParameterTuningJobs."""
    with state.lock:
        rows = [views.tuning_job_summary(job) for job in state.all_tuning()]
    return _page("HyperParameterTuningJobSummaries", *TUNING_JOBS.page(rows, request))


def training_jobs_of(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobsForHyperParameterTuningJob."""
    with state.lock:
        tuning = state.tuning(request["HyperParameterTuningJobName"])
        rows = [views.training_job_summary(tuning, job) for job in tuning.training_jobs]
    return _page("TrainingJobSummaries", *TRAINING_JOBS_OF.page(rows, request))


def training_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobs. No job here has a warm pool or a training plan: filtering by them returns nothing."""
    with state.lock:
        rows = [views.training_job_row(job) for job in state.all_training()]
    if "WarmPoolStatusEquals" in request or "TrainingPlanArnEquals" in request:
        rows = []
    return _page("TrainingJobSummaries", *TRAINING_JOBS.page(rows, request))


def _page(member: str, rows: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
    return {member: rows, **({"NextToken": token} if token else {})}
