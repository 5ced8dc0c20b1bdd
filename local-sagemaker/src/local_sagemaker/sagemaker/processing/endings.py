"""How a processing job ends: its status, and its FailureReason."""

from dataclasses import dataclass

from local_sagemaker.sagemaker.container.process import Exit
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, STOPPED

LONGEST_REASON = 1024


@dataclass(frozen=True)
class ProcessingEnd:
    """`reason` is empty unless the job failed."""

    status: str
    reason: str = ""


DONE, TOLD_TO_STOP = ProcessingEnd(COMPLETED), ProcessingEnd(STOPPED)


def failed(reason: str) -> ProcessingEnd:
    """A failure; SageMaker keeps the first 1024 characters of the reason."""
    return ProcessingEnd(FAILED, reason[:LONGEST_REASON])


def after(ended: Exit) -> ProcessingEnd:
    """The job's end after the program's exit.

    No page says how a job ends whose MaxRuntimeInSeconds is over. It is Stopped here, since AWS's own SDK explains that
    status by "the job timed out or stopped early". The reason of a failure is as AWS's guides of 2024 show it; earlier
    it was "AlgorithmError: See job logs for more information"."""
    if ended.why:
        return TOLD_TO_STOP
    return DONE if ended.code == 0 else failed(f"AlgorithmError: , exit code: {ended.code}")
