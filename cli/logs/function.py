"""`logs --function`: what one of the stack's Lambdas logged, here or on AWS.

The Lambdas of a stack share a log group, in which a stream is `YYYY/MM/DD/<function>[<version>]<id>`
(docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html). A stream goes on after midnight, so no
prefix finds all of one function: the others' events are read too, and left out here. They are few.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import typer

from cli.console import ExitCode, Leave, say, write_json
from cli.logs.lines import parsed, readable
from cli.signals import interruptible
from cli.target.parts import functions, parts_of
from cli.target.stack import find_stack
from cli.target.target import Target, resolve

POLL_S = 2.0
LATE_MS = 60_000
"""An event may be found this long after its time: CloudWatch Logs takes a while."""
UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass
class FunctionLog:
    """One Lambda's log; each event is given once, in the order of time."""

    logs: Any
    group: str
    function: str
    sleep: Callable[[float], None] = time.sleep
    _known: dict[str, int] = field(default_factory=dict)

    def new(self, since_ms: int) -> Iterator[dict[str, Any]]:
        """The events from then on that were not given yet."""
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=self.group, startTime=since_ms)
        try:
            for event in (event for page in pages for event in page["events"]):
                if self._is_mine(event["logStreamName"]) and event["eventId"] not in self._known:
                    self._known[event["eventId"]] = event["timestamp"]
                    yield event
        except self.logs.exceptions.ResourceNotFoundException:
            return  # the group is made with the first line

    def followed(self, since_ms: int) -> Iterator[dict[str, Any]]:
        """Without end."""
        while True:
            yield from self.new(since_ms)
            since_ms = max((since_ms, *(at - LATE_MS for at in self._known.values())))
            self._known = {name: at for name, at in self._known.items() if at >= since_ms}
            self.sleep(POLL_S)

    def _is_mine(self, stream: str) -> bool:
        own, name = f"/aws/lambda/{self.function}", stream.rpartition("/")[2]
        return self.group == own or name.startswith(f"{self.function}[")


def run(name: str, since: str, follow: bool, as_json: bool, local: bool, aws: bool) -> ExitCode:
    """0 when there is such a function, whatever it logged."""
    start_ms = int((time.time() - seconds(since)) * 1000)
    target = resolve(local, aws)
    log = find_log(target, name)
    show = _show_json if as_json else _show
    if not follow:
        shown = [show(event) for event in log.new(start_ms)]
        if not any(shown):
            say(f"{name} logged nothing in the last {since}: --since 1d looks further back.", style="dim")
        return ExitCode.DONE
    try:
        with interruptible():
            for event in log.followed(start_ms):
                show(event)
    except KeyboardInterrupt:
        say("")  # the terminal shows ^C
    return ExitCode.DONE


def seconds(since: str) -> int:
    """How long `1h`, `15m`, `90s` or `2d` is. Raises: BadParameter."""
    known = re.fullmatch(r"(\d{1,6})([smhd])", since)
    if not known:
        raise typer.BadParameter(f"must be like 90s, 15m, 1h or 2d, not {since}.", param_hint="--since")
    return int(known[1]) * UNITS_S[known[2]]


def find_log(target: Target, name: str) -> FunctionLog:
    """The log of the stack's Lambda of that name in app.py. Raises: NoStack; Leave: there is no such Lambda."""
    stack = find_stack(target)
    known = functions(parts_of(target.client("cloudformation"), stack.name))
    if name not in known:
        close = get_close_matches(name, known, n=1, cutoff=0.4)
        meant = f"did you mean {close[0]}? " if close else ""
        raise Leave(
            ExitCode.NOT_FOUND, f"There is no function {name}: {meant}The stack has {', '.join(sorted(known))}."
        )
    told = target.client("lambda").get_function_configuration(FunctionName=known[name])
    group = told.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{known[name]}"
    return FunctionLog(target.client("logs"), group, known[name])


def _show(event: dict[str, Any]) -> bool:
    line = readable(event["timestamp"], event["message"])
    if line is not None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return line is not None


def _show_json(event: dict[str, Any]) -> bool:
    """As it was logged, metrics and all."""
    write_json(
        {
            "timestamp_ms": event["timestamp"],
            "stream": event["logStreamName"],
            "message": parsed(event["message"]),
        },
        one_line=True,
    )
    return True
