"""What can go wrong under a Lambda's feet: it is killed at one of its effects, or people replace what it copies."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.support.pipeline.fake_sagemaker import client_error

WRITES = {
    "put_object", "copy_object", "update_item", "send_message", "publish", "create_hyper_parameter_tuning_job",
    "create_model_package_group", "create_model_package",
}  # fmt: skip


class Killed(BaseException):
    """The Lambda was killed (-9): nothing can catch it."""


class Guarded:
    """A client whose effects are counted, at one of which the Lambda may be killed, before it or after it."""

    def __init__(self, client: Any, guard: Callable[[Any, str], Any]):
        self._client = client
        self._guard = guard

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        return self._guard(call, name) if name in WRITES else call


class StrictCopies:
    """moto's S3 with CopySourceIfMatch honoured, as AWS does, and a hook for what people do just before a copy."""

    def __init__(self, s3: Any, before_copy: Callable[[], object]):
        self._s3 = s3
        self._before_copy = before_copy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def copy_object(self, **arguments: Any) -> Any:
        self._before_copy()
        wanted = arguments.pop("CopySourceIfMatch").strip('"')
        found = self._s3.head_object(**arguments["CopySource"])
        if found["ETag"].strip('"') != wanted:
            raise client_error("PreconditionFailed", "At least one of the preconditions did not hold.")
        return self._s3.copy_object(**arguments)


class SlowS3:
    """An S3 that asks for fewer requests."""

    def get_paginator(self, operation: str) -> "SlowS3":
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield from ()
        raise client_error("SlowDown", "Please reduce your request rate.")
