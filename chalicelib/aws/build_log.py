"""The end of an image build's log, in CloudWatch Logs."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import translated
from chalicelib.errors import Unavailable
from chalicelib.events import LogStream

MOST_EVENTS = 200
MOST_PAGES = 3


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
