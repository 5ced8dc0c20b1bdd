"""Copies the output of functions from their log files to CloudWatch Logs after each invocation.

docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html, and monitoring-cloudwatchlogs-loggroups.html for
the names of streams in a group that functions share. The price of one file for all environments of a function: they
share a stream.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import time

from local_sagemaker.lambdas.values import Function

PutLog = Callable[..., None]
"""Its arguments are the log group, the stream, the time in epoch milliseconds, and the lines."""


class LogCopier:
    """Thread-safe. Lines that a file held before this process started are not copied again; output of a function whose
    role may not log is not copied."""

    def __init__(self, put: PutLog, may_log: Callable[[Function, str], bool]) -> None:
        self._put = put
        self._may_log = may_log
        self._lock = Lock()
        self._read: dict[str, int] = {}
        self._streams: dict[tuple[str, str], str] = {}

    def begin(self, function: Function, log: Path) -> str:
        """Copy the file from its current end on; return the name of the function's stream."""
        with self._lock:
            self._read.setdefault(function.name, log.stat().st_size if log.exists() else 0)
            return self._streams.setdefault((function.name, function.log_group), _new_stream(function))

    def copy(self, function: Function, log: Path) -> None:
        """Copy the new complete lines; an incomplete last line waits for the next call."""
        with self._lock:
            start = self._read[function.name]
            with log.open("rb") as file:
                file.seek(start)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._read[function.name] = start + len(whole) + len(newline)
        lines = [line for line in whole.decode(errors="replace").split("\n") if line]
        stream = self._streams[function.name, function.log_group]
        if lines and self._may_log(function, stream):
            self._put(function.log_group, stream, int(time() * 1000), *lines)


def _new_stream(function: Function) -> str:
    shared = function.name if function.own_log_group else ""
    return f"{datetime.now(UTC):%Y/%m/%d}/{shared}[{function.version}]{uuid.uuid4().hex}"
