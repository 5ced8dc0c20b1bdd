"""S3 as training jobs use it: what it is called, what lies there, and what its refusals become."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError


class DataFault(Exception):
    """The job cannot go on; the message becomes its FailureReason."""


def split(uri: str) -> tuple[str, str]:
    """`s3://bucket/key` → bucket, key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    """Every key with that prefix but the markers of folders; none if there is no such bucket."""
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (found["Key"] for found in page.get("Contents", []) if not found["Key"].endswith("/"))
    except s3.exceptions.NoSuchBucket:
        return


@contextmanager
def faults_as(what: str) -> Iterator[None]:
    """What S3 or this machine's disk refuses becomes a DataFault, with `what` failed as AWS words it."""
    try:
        yield
    except (ClientError, BotoCoreError, Boto3Error, OSError) as error:
        raise DataFault(f"ClientError: {what}: {error}"[:1024]) from error
