"""A training job's metrics in CloudWatch Metrics, with SageMaker's names.

docs.aws.amazon.com/sagemaker/latest/dg/training-metrics.html. CloudWatch shows them by the minute, so the values of one
minute are sent as their statistics: however many lines a program prints, few requests and few data leave here.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

NAMESPACE = "/aws/sagemaker/TrainingJobs"
EVERY_S = 10.0
"""The first value is sent at once; those after it wait until so much time has passed, or the program has ended."""
_log = logging.getLogger(__name__)


@dataclass
class _Statistics:
    """The values of one metric in one minute, the first of which came at `at`, in epoch seconds."""

    at: float
    minimum: float
    maximum: float
    total: float = 0.0
    count: int = 0

    def add(self, value: float) -> None:
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)
        self.total += value
        self.count += 1

    def datum(self, name: str, job_name: str) -> dict[str, Any]:
        return {
            "MetricName": name,
            "Dimensions": [{"Name": "TrainingJobName", "Value": job_name}],
            "Timestamp": datetime.fromtimestamp(int(self.at), UTC),
            "StatisticValues": {
                "SampleCount": self.count,
                "Sum": self.total,
                "Minimum": self.minimum,
                "Maximum": self.maximum,
            },
        }


class JobMetrics:
    """Sends one job's metrics with `cloudwatch`, a boto3 client or None to send nothing. A job has at most 40 metrics
    and sends them within two minutes, so one request never exceeds the limit of 1000 data."""

    def __init__(self, cloudwatch: Any, job_name: str) -> None:
        self._cloudwatch = cloudwatch
        self._job_name = job_name
        self._waiting: dict[tuple[str, int], _Statistics] = {}
        self._sent_at = 0.0

    def add(self, found: Iterable[tuple[str, float]], now: float) -> None:
        """Note values that were printed at `now`, in epoch seconds, and send what is due."""
        for name, value in found:
            key = (name, int(now // 60))
            if key not in self._waiting:
                self._waiting[key] = _Statistics(now, value, value)
            self._waiting[key].add(value)
        if now - self._sent_at >= EVERY_S and self._waiting:
            self._sent_at = now
            self.send()

    def send(self) -> None:
        """Send what waits. Without an answer from CloudWatch it is lost, but the job goes on."""
        data = [found.datum(name, self._job_name) for (name, _), found in self._waiting.items()]
        self._waiting.clear()
        if not data or self._cloudwatch is None:
            return
        try:
            self._cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
        except (BotoCoreError, ClientError) as error:
            _log.warning("the metrics of %s did not reach CloudWatch: %s", self._job_name, error)
