"""The List calls: each one's rows, and what they can be sorted by, the default first."""

from collections.abc import Callable
from typing import Any

from localaws.sagemaker import views
from localaws.sagemaker.listing import listed
from localaws.sagemaker.state import State

_OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


def tuning_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListHyperParameterTuningJobs."""
    with state.lock:
        rows = [views.tuning_job_summary(job) for job in state.all_tuning()]
    page, token = listed(
        rows,
        request,
        name="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
        order="Ascending",
        keys={
            "Name": _member("HyperParameterTuningJobName"),
            "Status": _member("HyperParameterTuningJobStatus"),
            "CreationTime": _member("CreationTime"),
        },
    )
    return _page("HyperParameterTuningJobSummaries", page, token)


def training_jobs_of(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobsForHyperParameterTuningJob."""
    with state.lock:
        tuning = state.tuning(request["HyperParameterTuningJobName"])
        rows = [views.training_job_summary(tuning, job) for job in tuning.training_jobs]
    page, token = listed(
        rows,
        request,
        name="TrainingJobName",
        status="TrainingJobStatus",
        order="Ascending",
        keys={
            "Name": _member("TrainingJobName"),
            "CreationTime": _member("CreationTime"),
            "Status": _member("TrainingJobStatus"),
            "FinalObjectiveMetricValue": lambda row: row.get(_OBJECTIVE, {}).get("Value"),
        },
    )
    return _page("TrainingJobSummaries", page, token)


def training_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobs."""
    with state.lock:
        rows = [views.training_job_row(job) for job in state.all_training()]
    page, token = listed(
        rows,
        request,
        name="TrainingJobName",
        status="TrainingJobStatus",
        order="Ascending",
        keys={
            "CreationTime": _member("CreationTime"),
            "Name": _member("TrainingJobName"),
            "Status": _member("TrainingJobStatus"),
        },
    )
    return _page("TrainingJobSummaries", page, token)


def _member(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row[name]


def _page(member: str, rows: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
    return {member: rows, **({"NextToken": token} if token else {})}
