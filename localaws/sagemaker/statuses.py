"""The statuses that jobs of all kinds have, and what tells a failure of the service's own."""

IN_PROGRESS, STOPPING = "InProgress", "Stopping"
COMPLETED, FAILED, STOPPED = "Completed", "Failed", "Stopped"
INTERNAL_ERROR = "InternalServerError"
"""What a failure reason begins with that is the service's own fault: only such a failure can be retried."""
