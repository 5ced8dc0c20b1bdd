"""The statuses of all kinds of jobs, what can be done in them, and the mark of an internal failure."""

from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid

IN_PROGRESS, STOPPING = "InProgress", "Stopping"
COMPLETED, FAILED, STOPPED = "Completed", "Failed", "Stopped"
INTERNAL_ERROR = "InternalServerError"
"""The beginning of a failure reason that is the service's own fault; only such failures are retried."""


def has_ended(status: str) -> bool:
    return status not in (IN_PROGRESS, STOPPING)


def check_can_stop(kind: str, status: str) -> None:
    """Raises: ServiceError: a job of that status has ended."""
    if has_ended(status):
        raise invalid(f"The request was rejected because the {kind} is in status {status}.")


def check_can_delete(kind: str, name: str, status: str) -> None:
    """Raises: ServiceError: a job of that status has not ended (ResourceInUse in the service model)."""
    if not has_ended(status):
        text = f"The {kind} {name} with status {status} cannot be deleted"
        raise ServiceError("ResourceInUse", f"{text}: it is not in a terminal state.")
