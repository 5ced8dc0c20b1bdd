"""The tags of a job: given when it is created, added, listed and deleted later."""

from collections.abc import Mapping
from typing import Any

from localaws.sagemaker.state import State


def given(request: Mapping[str, Any]) -> dict[str, str]:
    """The request's own `Tags`, as key → value."""
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}


def add(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """AddTags: a key that is there gets the new value."""
    job = state.by_arn(request["ResourceArn"])
    with state.changing(job):
        job.tags.update(given(request))
        return {"Tags": _as_list(job.tags)}


def listed(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTags: all of them in one page, for there are at most 50."""
    with state.lock:
        return {"Tags": _as_list(state.by_arn(request["ResourceArn"]).tags)}


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTags: a key that is not there changes nothing."""
    job = state.by_arn(request["ResourceArn"])
    with state.changing(job):
        for key in request["TagKeys"]:
            job.tags.pop(key, None)
    return {}


def _as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
