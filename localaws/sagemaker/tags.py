"""The tags of a job: given when it is created, added, listed and deleted later."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from threading import RLock
from typing import Any, Protocol


class Owner(Protocol):
    """Keeps things that have `tags`."""

    lock: RLock

    def changing(self, *things: Any) -> AbstractContextManager[None]:
        """Held while the tags of these things change."""

    def by_arn(self, arn: str) -> Any:
        """Raises: ServiceError: there is none."""


def given(request: Mapping[str, Any]) -> dict[str, str]:
    """The request's own `Tags`, as key → value."""
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}


def add(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """AddTags: a key that is there gets the new value."""
    job = owner.by_arn(request["ResourceArn"])
    with owner.changing(job):
        job.tags.update(given(request))
        return {"Tags": _as_list(job.tags)}


def listed(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """ListTags: all of them in one page, for there are at most 50."""
    with owner.lock:
        return {"Tags": _as_list(owner.by_arn(request["ResourceArn"]).tags)}


def delete(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTags: a key that is not there changes nothing."""
    job = owner.by_arn(request["ResourceArn"])
    with owner.changing(job):
        for key in request["TagKeys"]:
            job.tags.pop(key, None)
    return {}


def _as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
