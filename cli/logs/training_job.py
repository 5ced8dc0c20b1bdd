"""`logs`: what a training job printed, from CloudWatch Logs, here or on AWS."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave
from cli.target.target import resolve

GROUP = "/aws/sagemaker/TrainingJobs"
POLL_S = 1.0


def streams(logs: Any, prefix: str) -> list[str]:
    """Of training jobs, in the group that all of the account share; none where there is no such group yet."""
    pages = logs.get_paginator("describe_log_streams")
    try:
        found = list(pages.paginate(logGroupName=GROUP, logStreamNamePrefix=prefix))
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [stream["logStreamName"] for page in found for stream in page["logStreams"]]


@dataclass
class JobLog:
    """One training job's log; each line is given once."""

    sagemaker: Any
    logs: Any
    job: str
    sleep: Callable[[float], None] = time.sleep
    _tokens: dict[str, str] = field(default_factory=dict)

    def status(self) -> str:
        """Raises: Leave: there is no such job."""
        try:
            return str(self.sagemaker.describe_training_job(TrainingJobName=self.job)["TrainingJobStatus"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationException":
                raise
            raise Leave(ExitCode.NOT_FOUND, f"There is no training job named {self.job}.") from error

    def new(self) -> Iterator[str]:
        """The lines since the last time, stream by stream: one for each host."""
        for stream in streams(self.logs, f"{self.job}/"):
            yield from self._new(stream)

    def followed(self) -> Iterator[str]:
        """Every line up to the job's end."""
        while self.status() in ("InProgress", "Stopping"):
            yield from self.new()
            self.sleep(POLL_S)
        yield from self.new()

    def _new(self, stream: str) -> Iterator[str]:
        """A page's token that is the same as the one it was asked with marks the end."""
        while True:
            token = self._tokens.get(stream)
            go_on = {"nextToken": token} if token else {}
            page = self.logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True, **go_on)
            yield from (event["message"] for event in page["events"])
            self._tokens[stream] = page["nextForwardToken"]
            if page["nextForwardToken"] == token or not page["events"]:
                return


def run(job: str, follow: bool, local: bool, aws: bool) -> ExitCode:
    """0 when the job is known, whatever became of it."""
    target = resolve(local, aws)
    log = JobLog(target.client("sagemaker"), target.client("logs"), job)
    log.status()
    for line in log.followed() if follow else log.new():
        sys.stdout.write(line.rstrip("\n") + "\n")
        sys.stdout.flush()
    return ExitCode.DONE
