"""Turns what is raised in a job's thread into its FailureReason: otherwise the job would never end."""

import logging
from collections.abc import Callable
from typing import TypeVar

from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.jobs.statuses import INTERNAL_ERROR

_log = logging.getLogger(__name__)
End = TypeVar("End")


def run_to_end(run: Callable[[], End], failed: Callable[[str], End], what: str) -> End:
    """Run a job; return its end, which is that of a failure if it raises. `what` names the job in the log."""
    try:
        return run()
    except DataFault as fault:
        return failed(str(fault))
    except Exception as error:  # noqa: BLE001 - the edge of a thread
        return failed(internal_error(error, what))


def internal_error(error: Exception, what: str) -> str:
    """Log an exception that is being handled, with its traceback; return the FailureReason."""
    _log.exception("%s failed with an internal error", what)
    return f"{INTERNAL_ERROR}: {type(error).__name__}: {error}"
