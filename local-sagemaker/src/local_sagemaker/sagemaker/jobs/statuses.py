"""The statuses of all kinds of jobs, and the mark of an internal failure."""

IN_PROGRESS, STOPPING = "InProgress", "Stopping"
COMPLETED, FAILED, STOPPED = "Completed", "Failed", "Stopped"
INTERNAL_ERROR = "InternalServerError"
"""The beginning of a failure reason that is the service's own fault; only such failures are retried."""
