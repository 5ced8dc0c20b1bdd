"""CloudFormation at work on a stack, looked at until it has ended: which resource is where, and what failed first."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from cli.deploy.stack_state import StackState, state_of

_BEGIN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS")
"""What the stack's own event says when somebody began something; a rollback has other words."""
SHORTEST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True)
class ResourceProgress:
    """One resource: its last status, why, and when it began and changed last."""

    name: str
    type: str
    status: str
    reason: str
    began: datetime
    at: datetime

    @property
    def is_failed(self) -> bool:
        return self.status.endswith("_FAILED")

    @property
    def is_ended(self) -> bool:
        return not self.status.endswith("_IN_PROGRESS")


@dataclass(frozen=True)
class StackProgress:
    """The whole: `resources` in the order in which they were begun. `cause` is the first failure's, else empty."""

    state: StackState
    resources: tuple[ResourceProgress, ...]
    cause: str

    @property
    def is_over(self) -> bool:
        return not self.state.status.endswith("_IN_PROGRESS")


def following(
    cloudformation: Any, stack_id: str, sleep: Callable[[float], None] = time.sleep
) -> Iterator[StackProgress]:
    """How it stands, again and again until nothing is in progress; a stack that is gone is DELETE_COMPLETE."""
    pause_s = SHORTEST_PAUSE_S
    while True:
        progress = look(cloudformation, stack_id)
        yield progress
        if progress.is_over:
            return
        sleep(pause_s)
        pause_s = min(LONGEST_PAUSE_S, 1.5 * pause_s)


def look(cloudformation: Any, stack_id: str) -> StackProgress:
    """How it stands now, since somebody last began something."""
    state = state_of(cloudformation, stack_id)
    events = _since_it_began(cloudformation, stack_id)
    own = [event for event in events if event["LogicalResourceId"] != state.name]
    failed = [event for event in own if event["ResourceStatus"].endswith("_FAILED")] or [
        event for event in events if "FAILED" in event["ResourceStatus"] or "ROLLBACK" in event["ResourceStatus"]
    ]
    return StackProgress(state, _resources(own), _cause(failed[0]) if failed else "")


def _since_it_began(cloudformation: Any, stack_id: str) -> list[dict[str, Any]]:
    """Oldest first. AWS answers newest first, and keeps the events of 90 days: only the last pages are asked for."""
    found: list[dict[str, Any]] = []
    try:
        for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id):
            for event in page["StackEvents"]:
                found.append(event)
                if event["ResourceType"] == "AWS::CloudFormation::Stack" and event["ResourceStatus"] in _BEGIN:
                    return sorted(found, key=lambda event: event["Timestamp"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
    return sorted(found, key=lambda event: event["Timestamp"])


def _resources(events: list[dict[str, Any]]) -> tuple[ResourceProgress, ...]:
    by_name: dict[str, ResourceProgress] = {}
    for event in events:
        name = event["LogicalResourceId"]
        before = by_name.get(name)
        by_name[name] = ResourceProgress(
            name,
            event["ResourceType"],
            event["ResourceStatus"],
            event.get("ResourceStatusReason", ""),
            before.began if before else event["Timestamp"],
            event["Timestamp"],
        )
    return tuple(by_name.values())


def _cause(event: dict[str, Any]) -> str:
    """The first failure is the cause; what follows it was cancelled or rolled back."""
    reason = event.get("ResourceStatusReason", "CloudFormation gives no reason")
    return f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"
