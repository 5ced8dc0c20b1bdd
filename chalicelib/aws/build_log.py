"""The end of an image build's log, in CloudWatch Logs, and what of it is worth telling.

CodeBuild writes lines of its own between those of the commands, beginning with `[Container]` and the time.
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
    """Reads one log stream backwards from its end."""

    def __init__(self, logs: Any):
        self._logs = logs

    def end(self, stream: LogStream | None) -> str:
        """The last lines, oldest first. Empty where there is no such log or it cannot be read: who asks has news
        that must not wait for it."""
        try:
            with translated():
                return self._end(stream) if stream else ""
        except (ClientError, Unavailable):
            return ""

    def _end(self, stream: LogStream) -> str:
        """A page may be empty and more follow (AWS: GetLogEvents), so an empty one is asked for the one before."""
        asked = {"logGroupName": stream.group, "logStreamName": stream.name, "limit": MOST_EVENTS}
        token: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self._logs.get_log_events(**asked, startFromHead=False, **token)
            if page["events"] or page["nextBackwardToken"] == token.get("nextToken"):
                break
            token = {"nextToken": page["nextBackwardToken"]}
        return "\n".join(str(event["message"]).rstrip("\r\n") for event in page["events"])


def last_lines(log: str) -> tuple[str, ...]:
    """The last lines before the first phase that failed was over, for later phases may follow; where no phase
    says that it failed, as after a timeout, the log's last lines. Without colours, progress bars and blank lines."""
    lines = [_plain(line) for line in re.split(r"\r?\n", log)]
    end = next((number for number, line in enumerate(lines) if FAILED.match(line)), len(lines))
    told = [_OWN.sub("", line).rstrip() for line in lines[:end]]
    return tuple(line for line in told if line.strip())[-MOST_LINES:]


def _plain(line: str) -> str:
    """What a terminal would show of the line in the end: a carriage return writes over what was there."""
    return _ESCAPES.sub("", line).rstrip("\r").rsplit("\r", 1)[-1]
