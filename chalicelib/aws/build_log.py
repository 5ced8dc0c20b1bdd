"""Read the end of an image build's log in CloudWatch Logs, and select the lines for the notification.

CodeBuild writes its own lines, which begin with `[Container]` and the time, between those of the commands.
"""

import re
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import translated
from chalicelib.errors import Unavailable
from chalicelib.events import LogStream

MOST_EVENTS = 200
MOST_PAGES = 3
MOST_LINES = 20
FAILED = re.compile(r"^\[Container\] .*Phase complete: \w+ State: (?!SUCCEEDED)")
_OWN = re.compile(r"^\[Container\] \S+ \S+ ")
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])")


class BuildLog:
    """Reads a log stream backwards from its end."""

    def __init__(self, logs: Any):
        self._logs = logs

    def end(self, stream: LogStream | None) -> str:
        """Return the last lines, oldest first. Empty if the log does not exist or cannot be read: the caller's
        notification must not wait for it."""
        try:
            with translated():
                return self._end(stream) if stream else ""
        except (ClientError, Unavailable):
            return ""

    def _end(self, stream: LogStream) -> str:
        """A page may be empty although more follow (AWS: GetLogEvents), so an empty page does not end the search."""
        asked = {"logGroupName": stream.group, "logStreamName": stream.name, "limit": MOST_EVENTS}
        token: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self._logs.get_log_events(**asked, startFromHead=False, **token)
            if page["events"] or page["nextBackwardToken"] == token.get("nextToken"):
                break
            token = {"nextToken": page["nextBackwardToken"]}
        return "\n".join(str(event["message"]).rstrip("\r\n") for event in page["events"])


def last_lines(log: str) -> tuple[str, ...]:
    """Return the last lines of the first phase that failed, since later phases may follow it; if no phase reports a
    failure, as after a timeout, the log's last lines. Removes colours, progress bars and blank lines."""
    lines = [_plain(line) for line in re.split(r"\r?\n", log)]
    end = next((number for number, line in enumerate(lines) if FAILED.match(line)), len(lines))
    shown = [_OWN.sub("", line).rstrip() for line in lines[:end]]
    return tuple(line for line in shown if line.strip())[-MOST_LINES:]


def _plain(line: str) -> str:
    """Return the line as a terminal shows it in the end: a carriage return overwrites what precedes it."""
    return _ESCAPES.sub("", line).rstrip("\r").rsplit("\r", 1)[-1]
