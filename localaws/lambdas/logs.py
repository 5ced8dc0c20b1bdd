"""What functions print, in CloudWatch Logs: copied from their log files after each invocation.

docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html. The price of one file for all environments of a
function: they share a stream.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import time

PutLog = Callable[..., None]
"""Takes the log group, the stream, the time in epoch milliseconds, and lines."""


class Copies:
    """For any number of threads. What a file had before this process began is not copied again."""

    def __init__(self, put: PutLog) -> None:
        self._put = put
        self._lock = Lock()
        self._read: dict[str, int] = {}
        self._streams: dict[str, str] = {}

    def begin(self, function: str, log: Path) -> str:
        """From now on; the name of the function's stream."""
        with self._lock:
            self._read.setdefault(function, log.stat().st_size if log.exists() else 0)
            stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
            return self._streams.setdefault(function, stream)

    def copy(self, function: str, log: Path) -> None:
        """The whole lines that are new; a line that is not yet whole comes with the next ones."""
        with self._lock:
            start = self._read[function]
            with log.open("rb") as file:
                file.seek(start)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._read[function] = start + len(whole) + len(newline)
        lines = [line for line in whole.decode(errors="replace").split("\n") if line]
        if lines:
            self._put(f"/aws/lambda/{function}", self._streams[function], int(time() * 1000), *lines)
