"""The end of a build's log, from a CloudWatch Logs that pages as AWS's does."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.build_log import MOST_PAGES, BuildLog
from chalicelib.events import LogStream

STREAM = LogStream("/group", "stream")


class FakeLogs:
    """Pages of messages, the last one first; a token that leads nowhere further is given back as it came."""

    def __init__(self, *pages: list[str], fails: Exception | None = None):
        self.pages = pages
        self.fails = fails
        self.asked: list[dict[str, Any]] = []

    def get_log_events(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.fails:
            raise self.fails
        number = int(asked.get("nextToken", 0))
        further = min(number + 1, len(self.pages) - 1)
        events = [{"message": message} for message in self.pages[number]]
        return {"events": events, "nextBackwardToken": str(further)}


def test_the_last_events_are_read_from_the_end_as_lines() -> None:
    logs = FakeLogs(["one\n", "two\r\n", "three"])

    assert BuildLog(logs).end(STREAM) == "one\ntwo\nthree"
    assert logs.asked[0]["startFromHead"] is False
    assert (logs.asked[0]["logGroupName"], logs.asked[0]["logStreamName"]) == ("/group", "stream")


def test_an_empty_page_is_followed_by_the_one_before_it() -> None:
    assert BuildLog(FakeLogs([], ["there"])).end(STREAM) == "there"


def test_empty_pages_without_end_are_not_followed_for_ever() -> None:
    logs = FakeLogs(*[[] for _ in range(50)])

    assert BuildLog(logs).end(STREAM) == ""
    assert len(logs.asked) == MOST_PAGES


def test_the_last_page_is_asked_for_once() -> None:
    logs = FakeLogs([], [])

    assert BuildLog(logs).end(STREAM) == ""
    assert len(logs.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetLogEvents"),
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetLogEvents"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "GetLogEvents"),
        EndpointConnectionError(endpoint_url="https://logs"),
    ],
)
def test_a_log_that_cannot_be_read_is_empty(fault: Exception) -> None:
    assert BuildLog(FakeLogs([], fails=fault)).end(STREAM) == ""


def test_a_build_without_a_log_asks_for_none() -> None:
    logs = FakeLogs()

    assert BuildLog(logs).end(None) == ""
    assert logs.asked == []
