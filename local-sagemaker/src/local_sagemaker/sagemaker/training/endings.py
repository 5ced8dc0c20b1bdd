"""The endings of a training job: its statuses in SageMaker's words, and its FailureReason."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.container.process import Exit
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, STOPPED

DEFAULT_MAX_RUNTIME_S = 86400
LONGEST_REASON = 1024


@dataclass(frozen=True)
class Ending:
    """`message` belongs to the last secondary status; `reason` is empty unless the job failed."""

    status: str
    secondary: str
    message: str
    reason: str = ""


@dataclass(frozen=True)
class Limit:
    """How long the program may still run, and the job's ending if it runs longer."""

    seconds: float
    ending: Ending


DONE = Ending(COMPLETED, COMPLETED, "Training job completed")
TOLD_TO_STOP = Ending(STOPPED, STOPPED, "Training job stopped")
_TOO_LONG = Ending(STOPPED, "MaxRuntimeExceeded", "Training job runtime exceeded MaxRuntimeInSeconds provided")
_WAITED = Ending(STOPPED, "MaxWaitTimeExceeded", "Training job runtime exceeded MaxWaitTimeInSeconds provided")


def failed(reason: str) -> Ending:
    """A failure; SageMaker keeps the first 1024 characters of the reason."""
    return Ending(FAILED, FAILED, "Training job failed", reason[:LONGEST_REASON])


def after(ended: Exit, said: str, limit: Limit) -> Ending:
    """The job's ending after the program's exit; `said` is the content of its failure file.

    A program that was asked to stop may have any exit code."""
    if ended.why:
        return TOLD_TO_STOP if ended.why == "stopped" else limit.ending
    return DONE if ended.code == 0 else failed(f"AlgorithmError: {said}, exit code: {ended.code}")


def limit_of(job: TrainingJob, now: float, spent_s: float) -> Limit:
    """The limit left after `spent_s`. A spot job's waiting time includes its run time, and starts with its creation."""
    condition: Mapping[str, Any] = job.request.get("StoppingCondition", {})
    runtime = Limit(condition.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_S) - spent_s, _TOO_LONG)
    if "MaxWaitTimeInSeconds" not in condition:
        return runtime
    wait = Limit(job.created_at + condition["MaxWaitTimeInSeconds"] - now, _WAITED)
    return min(runtime, wait, key=lambda limit: limit.seconds)


def end(job: TrainingJob, ending: Ending) -> None:
    """Set the job's ending, and the end time of its last transition."""
    job.move_to(ending.secondary, ending.message)
    job.status, job.failure = ending.status, ending.reason or None
    job.ended_at = job.modified_at = time.time()
    job.transitions[-1]["EndTime"] = job.ended_at
