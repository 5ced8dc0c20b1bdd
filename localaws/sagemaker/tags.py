"""The tags of a job: given when it is created, added, listed and deleted later.

docs.aws.amazon.com/general/latest/gr/aws_tagging.html: at most 50 for a resource, keys unique, `aws:` is AWS's own.
SageMaker models no error of the tag calls but documents ValidationException for all: so these limits are answered.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from threading import RLock
from typing import Any, Protocol

from localaws.sagemaker.errors import invalid
from localaws.sagemaker.listing import no_token


class Owner(Protocol):
    """Keeps things that have `tags`."""

    lock: RLock

    def changing(self, *things: Any) -> AbstractContextManager[None]:
        """Held while the tags of these things change."""

    def by_arn(self, arn: str) -> Any:
        """Raises: ServiceError: there is none."""


MAX_TAGS = 50


def given(request: Mapping[str, Any]) -> dict[str, str]:
    """The request's own `Tags`, as key → value. Raises: ServiceError: a key is given twice, or is AWS's."""
    keys = [tag["Key"] for tag in request.get("Tags", [])]
    _check_keys(keys)
    if len(set(keys)) < len(keys):
        raise invalid(f"Duplicate tag keys found: {sorted({key for key in keys if keys.count(key) > 1})}.")
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}


def add(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """AddTags: a key that is there gets the new value."""
    new, job = given(request), owner.by_arn(request["ResourceArn"])
    with owner.changing(job):
        if len(new.keys() | job.tags.keys()) > MAX_TAGS:
            raise invalid(f"The resource {job.arn} cannot have more than {MAX_TAGS} tags.")
        job.tags.update(new)
        return {"Tags": _as_list(job.tags)}


def listed(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """ListTags: all of them in one page, for a page holds at least the 50 that there can be."""
    with owner.lock:
        tags = _as_list(owner.by_arn(request["ResourceArn"]).tags)
    no_token(request)
    return {"Tags": tags}


def delete(owner: Owner, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTags: a key that is not there changes nothing."""
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


def _as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
