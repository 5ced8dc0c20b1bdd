"""The inputs of a transform job, and the output location of each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.container.storage import split


class InputFault(Exception):
    """There are no inputs; the message becomes the FailureReason."""


@dataclass(frozen=True)
class InputObject:
    """An object, and its path below the job's prefix."""

    bucket: str
    key: str
    path: str

    def output(self, s3_output_path: str) -> tuple[str, str]:
        """Bucket and key of the results: the same path below the output path, plus `.out`.

        The documented example repeats the input's prefix in the output and drops a folder; this is what batch transform
        was observed to write, and what the SDK's local mode writes."""
        bucket, prefix = split(s3_output_path)
        base = prefix.rstrip("/")
        return bucket, f"{base}/{self.path}.out" if base else f"{self.path}.out"


def inputs(s3: Any, source: Mapping[str, Any]) -> list[InputObject]:
    """The inputs in the order of their keys, or of the manifest. Raises: InputFault."""
    uri = source["S3Uri"]
    try:
        found = list(_of_prefix(s3, uri) if source["S3DataType"] == "S3Prefix" else _of_manifest(s3, uri))
    except ClientError as e:
        raise InputFault(f"ClientError: {uri} cannot be read: {e}") from e
    if not found:
        raise InputFault(f'ClientError: No S3 objects found under S3 URL "{uri}" given in input data source.')
    return found


def _of_prefix(s3: Any, uri: str) -> Iterator[InputObject]:
    """Paths start after the prefix's last "/", so that the path of a single object is its name."""
    bucket, prefix = split(uri)
    base = prefix[: prefix.rfind("/") + 1]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            if not found["Key"].endswith("/"):
                yield InputObject(bucket, found["Key"], found["Key"].removeprefix(base))


def _of_manifest(s3: Any, uri: str) -> Iterator[InputObject]:
    bucket, key = split(uri)
    try:
        listed = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        base, names = listed[0]["prefix"], [str(name) for name in listed[1:]]
    except (ValueError, TypeError, LookupError) as e:
        raise InputFault(f'ClientError: {uri} is not a valid manifest, [{{"prefix": "s3://…"}}, "path", …]: {e}') from e
    for name in names:
        found_bucket, found_key = split(base + name)
        yield InputObject(found_bucket, found_key, name.lstrip("/"))
