"""Writes logs with the API of CloudWatch Logs.

docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

MOST_EVENTS = 10_000
MOST_BYTES = 1_048_576
OVERHEAD_BYTES = 26
"""What one request may hold; each event counts as its bytes and this overhead."""

_log = logging.getLogger(__name__)


class Logs:
    """Appends to streams, which are created on first use, together with their groups. What does not arrive is lost, but
    the job goes on."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._known: set[tuple[str, str]] = set()

    def put(self, group: str, stream: str, time_ms: int, *lines: str) -> None:
        """Append the lines, all of one time; they can be read when it returns."""
        try:
            for some in batches(lines):
                self._put(group, stream, [{"timestamp": time_ms, "message": line} for line in some])
        except (BotoCoreError, ClientError) as error:
            _log.warning("lines of %s in %s did not reach CloudWatch Logs: %s", stream, group, error)

    def _put(self, group: str, stream: str, events: list[dict[str, Any]]) -> None:
        if (group, stream) not in self._known:
            self._create(group, stream)
        try:
            self._client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        except self._client.exceptions.ResourceNotFoundException:  # deleted since
            self._create(group, stream)
            self._client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def _create(self, group: str, stream: str) -> None:
        exists = self._client.exceptions.ResourceAlreadyExistsException
        for create, name in (
            (self._client.create_log_group, {"logGroupName": group}),
            (self._client.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            with suppress(exists):
                create(**name)
        self._known.add((group, stream))


def batches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Group lines so that each group fits into one request. None may be longer than a request."""
    batch: list[str] = []
    size_bytes = 0
    for line in lines:
        needs_bytes = len(line.encode()) + OVERHEAD_BYTES
        if batch and (len(batch) == MOST_EVENTS or size_bytes + needs_bytes > MOST_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(line)
        size_bytes += needs_bytes
    if batch:
        yield batch
