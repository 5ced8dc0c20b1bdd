"""CloudFormation with one stack and a memory: what is begun takes some looks, and ends as it was told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from botocore.exceptions import ClientError

STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/retune/1"
_BEGUN = {
    "create": "CREATE_IN_PROGRESS",
    "update": "UPDATE_IN_PROGRESS",
    "delete": "DELETE_IN_PROGRESS",
    "continue": "UPDATE_ROLLBACK_IN_PROGRESS",
}


@dataclass
class FakeCloudFormation:
    """`status` is None where there is no stack. `endings` are statuses by what was begun; `fails` are events that an
    operation leaves, as (resource, type, status, reason)."""

    status: str | None = None
    endings: dict[str, str] = field(
        default_factory=lambda: {
            "create": "CREATE_COMPLETE",
            "update": "UPDATE_COMPLETE",
            "delete": "DELETE_COMPLETE",
            "continue": "UPDATE_ROLLBACK_COMPLETE",
        }
    )
    fails: list[tuple[str, str, str, str]] = field(default_factory=list)
    nothing_to_update: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    ends_as: str = ""
    looks: int = 0

    def __call__(self, service: str) -> Self:
        """A client for the one service that there is here."""
        assert service == "cloudformation"
        return self

    def in_progress(self, status: str, ends_as: str) -> Self:
        """Somebody has begun something already."""
        self.status, self.ends_as, self.looks = status, ends_as, 2
        return self

    def create_stack(self, **wanted: Any) -> dict[str, str]:
        assert self.status in (None, "DELETE_COMPLETE"), "CloudFormation: AlreadyExistsException"
        return self._begin("create", wanted)

    def update_stack(self, **wanted: Any) -> dict[str, str]:
        if self.nothing_to_update:
            raise _refusal("No updates are to be performed.")
        if not str(self.status).endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")):
            raise _refusal(f"Stack is in {self.status} state and can not be updated.")
        return self._begin("update", wanted)

    def delete_stack(self, **_: Any) -> None:
        self._begin("delete", {})

    def continue_update_rollback(self, **_: Any) -> None:
        assert self.status == "UPDATE_ROLLBACK_FAILED"
        self._begin("continue", {})

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's word
        if self.looks:
            self.looks -= 1
            if not self.looks:
                self._event("retune", "AWS::CloudFormation::Stack", self.ends_as, "")
                self.status = self.ends_as
        is_gone = self.status in (None, "DELETE_COMPLETE")
        if is_gone and (StackName != STACK_ID or self.status is None):
            raise _refusal(f"Stack with id {StackName} does not exist")
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()]
        described = {"StackName": "retune", "StackId": STACK_ID, "StackStatus": self.status, "Parameters": parameters}
        return {"Stacks": [{**described, "Outputs": [{"OutputKey": "Bucket", "OutputValue": "data"}]}]}

    def describe_stack_resources(self, PhysicalResourceId: str) -> dict[str, Any]:  # noqa: N803 - AWS's word
        raise _refusal(f"Stack for {PhysicalResourceId} does not exist")

    def get_paginator(self, operation: str) -> Self:
        assert operation == "describe_stack_events"
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        """As AWS does: newest first, a page at a time."""
        newest_first = self.events[::-1]
        for first in range(0, len(newest_first), 3):
            yield {"StackEvents": newest_first[first : first + 3]}

    def _begin(self, what: str, wanted: dict[str, Any]) -> dict[str, str]:
        self.asked.append(what)
        self.status, self.ends_as, self.looks = _BEGUN[what], self.endings[what], 2
        self._event("retune", "AWS::CloudFormation::Stack", _BEGUN[what], "User Initiated")
        for one in wanted.get("Parameters", ()):
            self.parameters[one["ParameterKey"]] = one["ParameterValue"]
        for name, kind, status, reason in self.fails if what in ("create", "update") else ():
            self._event(name, kind, status, reason)
        return {"StackId": STACK_ID}

    def _event(self, name: str, kind: str, status: str, reason: str) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=len(self.events))
        event = {"LogicalResourceId": name, "ResourceType": kind, "ResourceStatus": status, "Timestamp": at}
        self.events.append({**event, **({"ResourceStatusReason": reason} if reason else {})})


def _refusal(message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "Any")
