"""A bucket that was there before the stack: EventBridge must hear of its objects, and CloudFormation cannot see to it.

S3 knows one notification configuration per bucket, and putting one replaces it: so it is read, EventBridge is added,
and the whole is put back. There is no precondition for the put; what others change in the same instant is seen, and
said, when it is read once more.
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
    """The stack cannot work with the bucket that was named."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


@dataclass(frozen=True)
class Switch:
    """EventBridge for one bucket. `kept` says what else hears of its objects, and goes on doing so."""

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
        """The same with EventBridge in it."""
        return {**self.configuration, "EventBridgeConfiguration": {}}

    def turn_on(self, s3: Any) -> None:
        """Put the merged configuration, unless EventBridge is on already. Raises: UnusableBucket: it is another now."""
        if self.is_on:
            return
        now = look(s3, self.bucket, self.account)  # as fresh as can be: what is put replaces everything
        s3.put_bucket_notification_configuration(
            Bucket=self.bucket,
            NotificationConfiguration=now.merged,
            ExpectedBucketOwner=self.account,
            SkipDestinationValidation=True,  # they were accepted once; a test message to each would be noise
        )
        if (after := look(s3, self.bucket, self.account)).configuration != now.merged:
            said = ", ".join(after.kept) or "nothing"
            raise UnusableBucket(
                f"Somebody else changed the notifications of {self.bucket} in the same moment; now they reach {said}."
                " See whether that is right, then deploy again."
            )


def look(s3: Any, bucket: str, account: str) -> Switch:
    """What hears of the bucket's objects now. Raises: UnusableBucket: it is not there, or another account's."""
    try:
        read = s3.get_bucket_notification_configuration(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        raise _unusable(bucket, account, error) from error
    return Switch(bucket, account, {name: value for name, value in read.items() if name != "ResponseMetadata"})


def must_be_usable(s3: Any, bucket: str, account: str) -> None:
    """Raises: UnusableBucket: there is none of that name, it is another account's, or it is in another region."""
    here = s3.meta.region_name
    try:
        answer = s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        raise _unusable(bucket, account, error) from error
    there = answer.get("BucketRegion") or answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", here)
    if there != here:
        raise UnusableBucket(
            f"The bucket {bucket} is in {there}, the stack would be in {here}: training jobs read only from their own"
            f" region. Deploy with --region {there}, or name a bucket in {here}."
        )


def _unusable(bucket: str, account: str, error: ClientError) -> UnusableBucket:
    code = str(error.response["Error"]["Code"])
    if code in ("404", "NoSuchBucket"):
        return UnusableBucket(
            f"There is no bucket {bucket}: make it, or leave ExistingBucket out for one of the stack's."
        )
    if code in ("301", "PermanentRedirect", "IllegalLocationConstraintException", "400"):
        where = error.response["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", "another region")
        return UnusableBucket(
            f"The bucket {bucket} is in {where}: deploy there with --region, or name one of this region."
        )
    if code in ("403", "AccessDenied", "AllAccessDisabled"):
        return UnusableBucket(
            f"The bucket {bucket} is not account {account}'s, or these credentials may not read its notifications:"
            " name one of your own, or allow them s3:GetBucketNotification and s3:ListBucket on it."
        )
    return UnusableBucket(f"The bucket {bucket} cannot be read: {error}")


def _words(kind: str, one: Mapping[str, Any]) -> str:
    key, word = _KINDS[kind]
    rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    where = "".join(f", {rule['Name'].lower()} {rule['Value']}" for rule in rules)
    return f"{word} {one[key].rsplit(':', 1)[-1]} ({', '.join(one['Events'])}{where})"
