"""DeleteHyperParameterTuningJob and DeleteTrainingJob: delete the job's entry and keep its results."""

from typing import Any

from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid


def tuning_job(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteHyperParameterTuningJob. Its training jobs, their tags and artifacts stay; its name can be reused.

    Raises: ServiceError: it does not exist, or has not ended; of AWS's message for the latter, only "not in a terminal
    state" is known."""
    with state.lock:
        job = state.tuning(request["HyperParameterTuningJobName"])
        if job.ended_at is None:
            text = f"The hyperparameter tuning job {job.name} with status {job.status}"
            raise invalid(f"{text} is not in a terminal state.")
        state.remove_tuning(job)
    return {}


def training_job(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTrainingJob. The tuning job that launched it still lists it.

    Raises: ServiceError: it does not exist, or has not ended (ResourceInUse in the service model)."""
    with state.lock:
        job = state.training(request["TrainingJobName"])
        if not job.has_ended:
            text = f"The training job {job.name} with status {job.status} cannot be deleted"
            raise ServiceError("ResourceInUse", f"{text}: it is not in a terminal state.")
        state.remove_training(job)
    return {}
