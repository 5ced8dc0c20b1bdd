"""The tags of a resource: set on creation, and added, listed and deleted later.

docs.aws.amazon.com/general/latest/gr/aws_tagging.html: at most 50 per resource, unique keys, `aws:` is reserved.
SageMaker's model has no errors for the tag calls, but documents ValidationException for all calls, which is used here.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from threading import RLock
from typing import Any, Protocol

from local_sagemaker.sagemaker.jobs.listing import no_token
from local_sagemaker.sagemaker.protocol.errors import invalid


class TagOwner(Protocol):
    """Holds resources that have `tags`."""

    lock: RLock

    def changing(self, *things: Any) -> AbstractContextManager[None]:
        """The block in which the tags of these resources change."""

    def by_arn(self, arn: str) -> Any:
        """Raises: ServiceError: it does not exist."""


MAX_TAGS = 50


def given(request: Mapping[str, Any]) -> dict[str, str]:
    """The request's `Tags` as key → value. Raises: ServiceError: a key is a duplicate or reserved."""
    keys = [tag["Key"] for tag in request.get("Tags", [])]
    _check_keys(keys)
    if len(set(keys)) < len(keys):
        raise invalid(f"Duplicate tag keys found: {sorted({key for key in keys if keys.count(key) > 1})}.")
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}


def add(owner: TagOwner, request: dict[str, Any]) -> dict[str, Any]:
    """AddTags: an existing key gets the new value."""
    new, job = given(request), owner.by_arn(request["ResourceArn"])
    with owner.changing(job):
        if len(new.keys() | job.tags.keys()) > MAX_TAGS:
            raise invalid(f"The resource {job.arn} cannot have more than {MAX_TAGS} tags.")
        job.tags.update(new)
        return {"Tags": as_list(job.tags)}


def listed(owner: TagOwner, request: dict[str, Any]) -> dict[str, Any]:
    """ListTags: all tags in one page, since a page holds at least the maximum of 50."""
    with owner.lock:
        tags = as_list(owner.by_arn(request["ResourceArn"]).tags)
    no_token(request)
    return {"Tags": tags}


def delete(owner: TagOwner, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTags: keys that do not exist are ignored."""
    _check_keys(request["TagKeys"])
    job = owner.by_arn(request["ResourceArn"])
    with owner.changing(job):
        for key in request["TagKeys"]:
            job.tags.pop(key, None)
    return {}


def _check_keys(keys: Iterable[str]) -> None:
    for key in keys:
        if key.lower().startswith("aws:"):
            raise invalid(f"aws: prefixed tag key names are not allowed for external use: {key}.")


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The tags as the API returns them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
