"""The logs of training and processing jobs in CloudWatch Logs, with SageMaker's names.

docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

import time
from collections.abc import Sequence
from typing import Protocol

from local_sagemaker.sagemaker.container.folder import HOST
from local_sagemaker.sagemaker.container.output import OnLines

TRAINING_JOBS, PROCESSING_JOBS = "/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"


class PutLog(Protocol):
    """Its arguments are the log group, the stream, the time in epoch milliseconds, and the lines."""

    def __call__(self, group: str, stream: str, time_ms: int, /, *lines: str) -> None:
        """Write the lines; they can be read when it returns."""


def job_log(put: PutLog, group: str, job_name: str) -> OnLines:
    """Write lines to the job's stream, `<job>/algo-1-<epoch seconds>`; empty lines are skipped."""
    stream = f"{job_name}/{HOST}-{int(time.time())}"

    def write(lines: Sequence[str]) -> None:
        said = [line for line in lines if line]
        if said:
            put(group, stream, int(time.time() * 1000), *said)

    return write
