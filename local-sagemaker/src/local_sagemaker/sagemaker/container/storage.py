"""S3 for jobs: parses URIs, lists keys, and translates errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError


class DataFault(Exception):
    """The job cannot continue; the message becomes its FailureReason."""


def split(uri: str) -> tuple[str, str]:
    """`s3://bucket/key` → bucket, key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    """All keys with that prefix except folder markers; none if the bucket does not exist."""
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (found["Key"] for found in page.get("Contents", []) if not found["Key"].endswith("/"))
    except s3.exceptions.NoSuchBucket:
        return


def encryption(kms_key: str | None) -> dict[str, str]:
    """The arguments by which an object is encrypted with that key, if there is one."""
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}


@contextmanager
def faults_as(what: str) -> Iterator[None]:
    """Translate errors of S3 and the local disk to a DataFault; `what` is AWS's name of the failure."""
    try:
        yield
    except (ClientError, BotoCoreError, Boto3Error, OSError) as error:
        raise DataFault(f"ClientError: {what}: {error}"[:1024]) from error
