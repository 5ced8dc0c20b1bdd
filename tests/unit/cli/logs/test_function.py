"""`logs --function`: which events are a function's, and each once."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from cli.logs.function import LATE_MS, FunctionLog, seconds

GROUP = "/retune/retune"


class Logs:
    """CloudWatch Logs with the events that it has been given so far."""

    class exceptions:  # noqa: N801
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.asked: list[int] = []

    def add(self, at_ms: int, message: str, stream: str = "2026/01/02/retune-Sweep-1[$LATEST]0a") -> None:
        names = {"eventId": f"{stream}{at_ms}{message}", "logStreamName": stream}
        self.events.append({**names, "timestamp": at_ms, "message": message})

    def get_paginator(self, name: str) -> "Logs":
        assert name == "filter_log_events"
        return self

    def paginate(self, logGroupName: str, startTime: int) -> Iterator[dict[str, Any]]:  # noqa: N803
        if logGroupName != GROUP:
            raise self.exceptions.ResourceNotFoundException
        self.asked.append(startTime)
        found = [event for event in self.events if event["timestamp"] >= startTime]
        yield {"events": found[:1]}
        yield {"events": found[1:]}


def said(events: Iterator[dict[str, Any]], number: int = 99) -> list[str]:
    return [event["message"] for _, event in zip(range(number), events, strict=False)]


def test_only_the_functions_own_streams_are_read() -> None:
    logs = Logs()
    logs.add(1, "mine")
    logs.add(2, "another's", "2026/01/02/retune-OnUpload-1[$LATEST]0a")
    logs.add(3, "one whose name only begins like it", "2026/01/02/retune-Sweep-12[$LATEST]0a")
    logs.add(4, "mine, of yesterday's stream", "2026/01/01/retune-Sweep-1[$LATEST]0b")

    assert said(FunctionLog(logs, GROUP, "retune-Sweep-1").new(0)) == ["mine", "mine, of yesterday's stream"]


def test_a_group_that_nothing_was_logged_to_yet_is_empty() -> None:
    assert said(FunctionLog(Logs(), "/retune/other", "f").new(0)) == []


def test_a_log_that_is_followed_gives_each_event_once_also_one_that_comes_late() -> None:
    logs = Logs()
    logs.add(LATE_MS, "first")
    later = iter(
        [
            lambda: logs.add(LATE_MS - 1, "late, of a time before the first"),
            lambda: logs.add(LATE_MS + 1, "second"),
        ]
    )
    log = FunctionLog(logs, GROUP, "retune-Sweep-1", sleep=lambda _: next(later)())

    assert said(log.followed(0), 3) == ["first", "late, of a time before the first", "second"]


def test_what_was_read_long_ago_is_not_asked_for_again() -> None:
    logs = Logs()
    logs.add(0, "old")
    logs.add(10 * LATE_MS, "new")
    later = iter([lambda: None, lambda: logs.add(10 * LATE_MS + 1, "newest")])
    log = FunctionLog(logs, GROUP, "retune-Sweep-1", sleep=lambda _: next(later)())

    assert said(log.followed(0), 3) == ["old", "new", "newest"]
    assert logs.asked == [0, 9 * LATE_MS, 9 * LATE_MS]


@pytest.mark.parametrize(("since", "s"), [("90s", 90), ("15m", 900), ("1h", 3600), ("2d", 172_800)])
def test_a_time_is_a_number_and_a_unit(since: str, s: int) -> None:
    assert seconds(since) == s


@pytest.mark.parametrize("since", ["", "1", "h", "-1h", "1w", "1h30m", "yesterday"])
def test_another_time_is_misuse(since: str) -> None:
    with pytest.raises(typer.BadParameter, match="90s, 15m, 1h or 2d"):
        seconds(since)
