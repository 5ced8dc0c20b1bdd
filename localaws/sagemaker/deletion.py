"""DeleteHyperParameterTuningJob and DeleteTrainingJob: the entry goes, what the job made stays."""

from typing import Any

from localaws.sagemaker.errors import ServiceError, invalid
from localaws.sagemaker.state import State


def tuning_job(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteHyperParameterTuningJob. The training jobs, their tags and artifacts stay; the name is free again.

    Raises: ServiceError: there is none, or it runs: of what AWS says then, only "not in a terminal state" is known."""
    with state.lock:
        job = state.tuning(request["HyperParameterTuningJobName"])
        if job.ended_at is None:
            text = f"The hyperparameter tuning job {job.name} with status {job.status}"
            raise invalid(f"{text} is not in a terminal state.")
        state.remove_tuning(job)
    return {}


def training_job(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTrainingJob. A tuning job that launched it goes on to list it.

    Raises: ServiceError: there is none, or it runs, which the model calls ResourceInUse."""
    with state.lock:
        job = state.training(request["TrainingJobName"])
        if not job.has_ended:
            text = f"The training job {job.name} with status {job.status} cannot be deleted"
            raise ServiceError("ResourceInUse", f"{text}: it is not in a terminal state.")
        state.remove_training(job)
    return {}
