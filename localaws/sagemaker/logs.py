"""A training job's log in CloudWatch Logs, named as SageMaker names it.

docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

import time
from collections.abc import Sequence
from typing import Protocol

from localaws.sagemaker.container import HOST
from localaws.sagemaker.output import OnLines

GROUP = "/aws/sagemaker/TrainingJobs"


class PutLog(Protocol):
    """Takes the log group, the stream, the time in epoch milliseconds, and lines."""

    def __call__(self, group: str, stream: str, time_ms: int, /, *lines: str) -> None:
        """They are there when it returns."""


def job_log(put: PutLog, job_name: str) -> OnLines:
    """Writes lines into a stream of that job, `<job>/algo-1-<epoch seconds>`; an empty line is no event."""
    stream = f"{job_name}/{HOST}-{int(time.time())}"

    def write(lines: Sequence[str]) -> None:
        said = [line for line in lines if line]
        if said:
            put(GROUP, stream, int(time.time() * 1000), *said)

    return write
