"""Data in and artifacts out: what SageMaker does with S3 before and after the container runs."""

import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class DataFault(Exception):
    """A channel could not be filled; the message becomes the job's FailureReason."""


def download(s3: Any, source: Mapping[str, Any], folder: Path) -> int:
    """Fill a channel in File mode; the number of files. Raises: DataFault: nothing lies there, or there is no bucket.

    Paths are relative to the prefix's last "/", as File mode has them."""
    data = source["DataSource"].get("S3DataSource") or {}
    if data.get("S3DataType") != "S3Prefix":
        raise DataFault(f"ClientError: this local AWS fills channels from S3Prefix, not {data.get('S3DataType')}.")
    bucket, prefix = split(data["S3Uri"])
    base = prefix[: prefix.rfind("/") + 1]
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for key in _keys(s3, bucket, prefix):
        target = folder / key.removeprefix(base)
        if not target.resolve().is_relative_to(folder.resolve()):
            raise DataFault(f"ClientError: the key {key} leads out of its channel.")
        target.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(bucket, key, str(target))
        count += 1
    if not count:
        text = f'ClientError: No S3 objects found under S3 URL "{data["S3Uri"]}" given in input data source.'
        raise DataFault(f"{text} Please ensure that the bucket exists in the selected region.")
    return count


def upload(s3: Any, folder: Path, uri: str) -> str | None:
    """The folder as a .tar.gz at `uri`, or None when it is empty."""
    if not any(folder.iterdir()):
        return None
    bucket, key = split(uri)
    with tempfile.TemporaryFile() as archive:
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            for path in sorted(folder.iterdir()):
                tar.add(path, path.name)
        archive.seek(0)
        s3.upload_fileobj(archive, bucket, key)
    return uri


def split(uri: str) -> tuple[str, str]:
    """`s3://bucket/key` → bucket, key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                if not found["Key"].endswith("/"):
                    yield found["Key"]
    except s3.exceptions.NoSuchBucket:
        return
