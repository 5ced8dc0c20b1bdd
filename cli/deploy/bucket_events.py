"""Turn on EventBridge for a bucket that existed before the stack, which CloudFormation cannot do.

S3 has one notification configuration per bucket, and a put replaces it: so it is read, EventBridge is added, and the
whole is put back. The put takes no precondition, so a concurrent change is detected, and reported, by reading it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave

_KINDS = {
    "TopicConfigurations": ("TopicArn", "topic"),
    "QueueConfigurations": ("QueueArn", "queue"),
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "function"),
}


class UnusableBucket(Leave):
    """The stack cannot use the given bucket."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


@dataclass(frozen=True)
class Switch:
    """EventBridge for one bucket. `kept` lists its other notification targets, which stay."""

    bucket: str
    account: str
    configuration: Mapping[str, Any]

    @property
    def is_on(self) -> bool:
        return "EventBridgeConfiguration" in self.configuration

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(_words(kind, one) for kind in _KINDS for one in self.configuration.get(kind, []))

    @property
    def merged(self) -> dict[str, Any]:
        """The same configuration with EventBridge."""
        return {**self.configuration, "EventBridgeConfiguration": {}}

    def turn_on(self, s3: Any) -> None:
        """Turn EventBridge on unless it is on. Raises: UnusableBucket: someone else changed the configuration."""
        if self.is_on:
            return
        now = look(s3, self.bucket, self.account)  # as fresh as possible: the put replaces everything
        s3.put_bucket_notification_configuration(
            Bucket=self.bucket,
            NotificationConfiguration=now.merged,
            ExpectedBucketOwner=self.account,
            SkipDestinationValidation=True,  # they were validated before; a test message to each would be noise
        )
        if (after := look(s3, self.bucket, self.account)).configuration != now.merged:
            targets = ", ".join(after.kept) or "none"
            raise UnusableBucket(
                f"The notifications of {self.bucket} were changed by someone else at the same moment."
                f" Its targets now: {targets}. Check them, then deploy again."
            )


def look(s3: Any, bucket: str, account: str) -> Switch:
    """Read the bucket's notifications. Raises: UnusableBucket: it does not exist, or is another account's."""
    try:
        read = s3.get_bucket_notification_configuration(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        raise _unusable(bucket, account, error) from error
    return Switch(bucket, account, {name: value for name, value in read.items() if name != "ResponseMetadata"})


def must_be_usable(s3: Any, bucket: str, account: str) -> None:
    """Raises: UnusableBucket: it does not exist, is another account's, or is in another region."""
    here = s3.meta.region_name
    try:
        answer = s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        raise _unusable(bucket, account, error) from error
    there = answer.get("BucketRegion") or answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", here)
    if there != here:
        raise UnusableBucket(
            f"The bucket {bucket} is in {there}, the stack would be in {here}; training jobs read only from their own"
            f" region. Deploy with --region {there}, or name a bucket in {here}."
        )


def _unusable(bucket: str, account: str, error: ClientError) -> UnusableBucket:
    code = str(error.response["Error"]["Code"])
    if code in ("404", "NoSuchBucket"):
        return UnusableBucket(
            f"There is no bucket {bucket}: create it, or omit ExistingBucket so that the stack creates one."
        )
    if code in ("301", "PermanentRedirect", "IllegalLocationConstraintException", "400"):
        where = error.response["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", "another region")
        return UnusableBucket(
            f"The bucket {bucket} is in {where}: deploy there with --region, or name a bucket in this region."
        )
    if code in ("403", "AccessDenied", "AllAccessDisabled"):
        return UnusableBucket(
            f"The bucket {bucket} does not belong to account {account}, or these credentials may not read its"
            " notifications: name a bucket of your own, or allow them s3:GetBucketNotification and s3:ListBucket on it."
        )
    return UnusableBucket(f"The bucket {bucket} cannot be read: {error}")


def _words(kind: str, one: Mapping[str, Any]) -> str:
    key, word = _KINDS[kind]
    rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    where = "".join(f", {rule['Name'].lower()} {rule['Value']}" for rule in rules)
    return f"{word} {one[key].rsplit(':', 1)[-1]} ({', '.join(one['Events'])}{where})"
