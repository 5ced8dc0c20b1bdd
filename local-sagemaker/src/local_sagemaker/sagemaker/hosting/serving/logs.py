"""Containers' logs in CloudWatch Logs, with SageMaker's names: a stream is `<variant or job>/<instance>`.

docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local_sagemaker.sagemaker.container.logs import PutLog

ENDPOINTS, TRANSFORM_JOBS = "/aws/sagemaker/Endpoints", "/aws/sagemaker/TransformJobs"


def _instance() -> str:
    """A random id in the format of EC2 instance ids."""
    return f"i-{secrets.token_hex(9)[:17]}"


@dataclass(frozen=True)
class ContainerLog:
    """One container's log; `of` is a variant of an endpoint, or a transform job."""

    group: str
    of: str
    instance: str = field(default_factory=_instance)

    def writer(self, put: PutLog) -> Callable[[str], None]:
        """A function that writes lines; it skips empty ones."""

        def write(line: str) -> None:
            if line:
                put(self.group, f"{self.of}/{self.instance}", int(time.time() * 1000), line)

        return write
