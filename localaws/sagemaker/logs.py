"""A training job's log in CloudWatch Logs, named as SageMaker names it.

docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

import time
from collections.abc import Callable

from localaws.sagemaker.container import HOST

GROUP = "/aws/sagemaker/TrainingJobs"

PutLog = Callable[[str, str, int, str], None]
"""Takes the log group, the stream, the time in epoch milliseconds, and one line."""


def job_log(put: PutLog, job_name: str) -> Callable[[str], None]:
    """Writes lines into a stream of that job, `<job>/algo-1-<epoch seconds>`; an empty line is no event."""
    stream = f"{job_name}/{HOST}-{int(time.time())}"

    def write(line: str) -> None:
        if line:
            put(GROUP, stream, int(time.time() * 1000), line)

    return write
