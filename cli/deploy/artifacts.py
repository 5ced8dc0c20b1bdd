"""The artifact bucket: where CloudFormation finds the package, and a template too long for a request.

One per account and region, with a folder per stack. Its name can be guessed, so every call says whose bucket it
must be: S3 then refuses one that a stranger made first under that name.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave

DAYS_AFTER_SUPERSEDED = 30
SUPERSEDED = {"Key": "retune:superseded", "Value": "true"}
_DAYS_OF_A_TEMPLATE = 7
_TEMPLATES = "templates/"
_CLOSED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


class NotOurBucket(Leave):
    """The artifact bucket's name is taken by another account, or these credentials may not use it."""

    def __init__(self, bucket: str, account: str):
        super().__init__(
            ExitCode.FAILED,
            f"The bucket {bucket} is not account {account}'s, or these credentials may not use it; nothing was put"
            " there. Allow them s3:ListBucket on it, or set RETUNE_ARTIFACT_BUCKET to another name.",
        )


@dataclass(frozen=True)
class Artifacts:
    """Packages and templates of one stack. `partition` is AWS's own: aws, aws-cn, aws-us-gov …"""

    s3: Any
    partition: str
    account: str
    stack: str

    @classmethod
    def of(cls, client: Callable[[str], Any], stack: str) -> "Artifacts":
        caller = client("sts").get_caller_identity()
        return cls(client("s3"), caller["Arn"].split(":")[1], caller["Account"], stack)

    @property
    def bucket(self) -> str:
        region = self.s3.meta.region_name
        return os.environ.get("RETUNE_ARTIFACT_BUCKET") or f"retune-artifacts-{self.account}-{region}"

    def prepare(self) -> None:
        """Make the bucket unless it is there; either way closed to the public, encrypted, and tidied by S3.

        Raises: NotOurBucket."""
        if not self._is_there():
            self._create()
        for put, settings in self._settings().items():
            getattr(self.s3, put)(Bucket=self.bucket, ExpectedBucketOwner=self.account, **settings)

    def package_key(self, zip_path: Path) -> str:
        """Where this very package belongs: under its stack and the hash of its content."""
        return f"packages/{self.stack}/{hashlib.sha256(zip_path.read_bytes()).hexdigest()}.zip"

    def put_package(self, zip_path: Path) -> str:
        """Put the zip there unless it is there; its key. One that had been superseded is current again."""
        key = self.package_key(zip_path)
        if self._has(key):
            self.s3.delete_object_tagging(Bucket=self.bucket, Key=key, ExpectedBucketOwner=self.account)
        else:
            self._put(key, zip_path.read_bytes())
        return key

    def put_template(self, body: str) -> str:
        """Put a template there; its URL, as CloudFormation takes it."""
        key = f"{_TEMPLATES}{self.stack}/{hashlib.sha256(body.encode()).hexdigest()}.json"
        self._put(key, body.encode())
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/{key}"

    def supersede_all_but(self, current: str) -> None:
        """Let S3 remove the stack's other packages some weeks from now; until then a rollback finds them."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"packages/{self.stack}/", ExpectedBucketOwner=self.account
        )
        for key in (found["Key"] for page in pages for found in page.get("Contents", ()) if found["Key"] != current):
            self.s3.put_object_tagging(
                Bucket=self.bucket, Key=key, Tagging={"TagSet": [SUPERSEDED]}, ExpectedBucketOwner=self.account
            )

    def remove(self) -> int:
        """Remove what is the stack's, and the bucket with the last stack's; how many objects there were."""
        if not self._is_there():
            return 0
        folders = (f"packages/{self.stack}/", f"{_TEMPLATES}{self.stack}/")
        listed = self.s3.get_paginator("list_objects_v2")
        pages = [
            page
            for folder in folders
            for page in listed.paginate(Bucket=self.bucket, Prefix=folder, ExpectedBucketOwner=self.account)
        ]
        keys = [{"Key": found["Key"]} for page in pages for found in page.get("Contents", ())]
        for first in range(0, len(keys), 1000):
            batch = {"Objects": keys[first : first + 1000], "Quiet": True}
            self.s3.delete_objects(Bucket=self.bucket, Delete=batch, ExpectedBucketOwner=self.account)
        if not self.s3.list_objects_v2(Bucket=self.bucket, MaxKeys=1, ExpectedBucketOwner=self.account)["KeyCount"]:
            self.s3.delete_bucket(Bucket=self.bucket, ExpectedBucketOwner=self.account)
        return len(keys)

    def _has(self, key: str) -> bool:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=key, ExpectedBucketOwner=self.account)
        return bool(listed["KeyCount"])

    def _put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content, ExpectedBucketOwner=self.account)

    def _is_there(self) -> bool:
        try:
            self.s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self.account)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("404", "NoSuchBucket"):
                return False
            if code in ("403", "AccessDenied"):
                raise NotOurBucket(self.bucket, self.account) from error
            raise
        return True

    def _create(self) -> None:
        region = self.s3.meta.region_name
        # us-east-1 is the one region that must not be named.
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        try:
            self.s3.create_bucket(Bucket=self.bucket, **where)
        except self.s3.exceptions.BucketAlreadyExists as error:
            raise NotOurBucket(self.bucket, self.account) from error

    def _settings(self) -> dict[str, dict[str, Any]]:
        settings: dict[str, dict[str, Any]] = {
            "put_public_access_block": {"PublicAccessBlockConfiguration": dict.fromkeys(_CLOSED, True)},
            "put_bucket_encryption": {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                }
            },
            "put_bucket_lifecycle_configuration": {"LifecycleConfiguration": {"Rules": _tidied()}},
        }
        if self.s3.meta.endpoint_url.startswith("https:"):  # else it would lock out an endpoint on this machine
            settings["put_bucket_policy"] = {"Policy": json.dumps(self._tls_only())}
        return settings

    def _tls_only(self) -> Mapping[str, Any]:
        arn = f"arn:{self.partition}:s3:::{self.bucket}"
        denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
        without_tls = {"Bool": {"aws:SecureTransport": "false"}}
        return {"Version": "2012-10-17", "Statement": [{"Sid": "TlsOnly", **denied, "Condition": without_tls}]}


def _tidied() -> list[dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = {
        "superseded": {"Filter": {"Tag": SUPERSEDED}, "Expiration": {"Days": DAYS_AFTER_SUPERSEDED}},
        "templates": {"Filter": {"Prefix": _TEMPLATES}, "Expiration": {"Days": _DAYS_OF_A_TEMPLATE}},
        "unfinished": {"Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
    }
    return [{"ID": name, "Status": "Enabled", **rule} for name, rule in rules.items()]
