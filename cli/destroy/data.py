"""Data deleted for good. Every step may be the last: done again, it goes on with what is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave
from cli.destroy.inventory import Data
from cli.logs.training_job import GROUP as TRAINING_LOGS
from cli.logs.training_job import streams

BATCH = 1000
"""As many as S3 deletes in one request."""
Client = Callable[[str], Any]
Progress = Callable[[str], None]


class NotDeleted(Leave):
    """Something would not go; the message says what and why."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


def delete(client: Client, account: str, prefix: str | None, one: Data, tell: Progress) -> None:
    """Raises: NotDeleted. What is not there any more is no fault."""
    with _absent_is_fine():
        if one.kind == "bucket":
            empty_bucket(client("s3"), one.name, account, tell)
            client("s3").delete_bucket(Bucket=one.name, ExpectedBucketOwner=account)
        elif one.kind == "ledger":
            _table(client("dynamodb"), one.name)
        elif one.kind == "images":
            client("ecr").delete_repository(repositoryName=one.name, force=True)
        elif one.kind == "models":
            _models(client("sagemaker"), one.name)
        elif one.kind == "log group":
            client("logs").delete_log_group(logGroupName=one.name)
        elif prefix is not None:
            for stream in streams(client("logs"), f"{prefix}-"):
                client("logs").delete_log_stream(logGroupName=TRAINING_LOGS, logStreamName=stream)


def empty_bucket(s3: Any, bucket: str, account: str, tell: Progress) -> None:
    """Delete every version, delete marker and unfinished upload; `tell` hears how many so far."""
    owned = {"Bucket": bucket, "ExpectedBucketOwner": account}
    for page in s3.get_paginator("list_multipart_uploads").paginate(**owned):
        for upload in page.get("Uploads", ()):
            s3.abort_multipart_upload(**owned, Key=upload["Key"], UploadId=upload["UploadId"])
    deleted = 0
    while batch := _some_versions(s3, owned):
        answer = s3.delete_objects(**owned, Delete={"Objects": batch, "Quiet": True})
        if errors := answer.get("Errors"):
            first = errors[0]
            raise NotDeleted(
                f"S3 does not delete {len(errors)} objects of {bucket}, such as {first['Key']}: {first.get('Message')}"
            )
        deleted += len(batch)
        tell(f"{bucket}: {deleted:,} object versions deleted")


def _some_versions(s3: Any, owned: dict[str, str]) -> list[dict[str, str]]:
    """The first ones that there still are: what was deleted is not listed again, so no place has to be kept."""
    listed = s3.list_object_versions(**owned, MaxKeys=BATCH)
    found = [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]
    return [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]


def _table(dynamodb: Any, name: str) -> None:
    if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)


def _models(sagemaker: Any, group: str) -> None:
    """A group must be empty to be deleted."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for one in [one for page in pages for one in page["ModelPackageSummaryList"]]:
        sagemaker.delete_model_package(ModelPackageName=one["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)


@contextmanager
def _absent_is_fine() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise


_ABSENT = ("NoSuchBucket", "404", "ResourceNotFoundException", "RepositoryNotFoundException", "ResourceNotFound")
