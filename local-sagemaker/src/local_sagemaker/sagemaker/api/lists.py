"""The List calls of training jobs and tuning jobs."""

from typing import Any

from local_sagemaker.sagemaker.jobs import views
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.state import State

_OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"
TUNING_JOBS = Listing("HyperParameterTuningJob", "HyperParameterTuningJobSummaries", sort_by="Name")
TRAINING_JOBS = Listing("TrainingJob", "TrainingJobSummaries", is_status_last=True)
TRAINING_JOBS_OF = Listing(
    "TrainingJob",
    "TrainingJobSummaries",
    sort_by="Name",
    more_keys={"FinalObjectiveMetricValue": lambda row: row.get(_OBJECTIVE, {}).get("Value")},
)


def tuning_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListHyperParameterTuningJobs."""
    with state.lock:
        rows = [views.tuning_job_summary(job) for job in state.all_tuning()]
    return TUNING_JOBS.answer(rows, request)


def training_jobs_of(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobsForHyperParameterTuningJob."""
    with state.lock:
        tuning = state.tuning(request["HyperParameterTuningJobName"])
        rows = [views.training_job_summary(tuning, job) for job in tuning.training_jobs]
    return TRAINING_JOBS_OF.answer(rows, request)


def training_jobs(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTrainingJobs. No job here has a warm pool or a training plan: filtering by them returns nothing."""
    with state.lock:
        rows = [views.training_job_row(job) for job in state.all_training()]
    if "WarmPoolStatusEquals" in request or "TrainingPlanArnEquals" in request:
        rows = []
    return TRAINING_JOBS.answer(rows, request)
