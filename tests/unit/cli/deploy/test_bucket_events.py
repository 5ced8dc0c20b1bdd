"""EventBridge switched on for a bucket that others listen to already."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.deploy.bucket_events import Switch, UnusableBucket, look, must_be_usable

ACCOUNT = "123456789012"
OTHERS = {
    "TopicConfigurations": [
        {"Id": "t", "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:heard", "Events": ["s3:ObjectCreated:*"]}
    ],
    "QueueConfigurations": [
        {
            "Id": "q",
            "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:heard",
            "Events": ["s3:ObjectRemoved:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
        }
    ],
    "LambdaFunctionConfigurations": [
        {
            "Id": "l",
            "LambdaFunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:heard",
            "Events": ["s3:ObjectTagging:*"],
        }
    ],
}


class S3:
    """S3 with one bucket; `changed_meanwhile` is what somebody else puts right after us."""

    def __init__(self, configuration: dict[str, Any], changed_meanwhile: dict[str, Any] | None = None):
        self.configuration = configuration
        self.changed_meanwhile = changed_meanwhile
        self.puts: list[dict[str, Any]] = []

    def get_bucket_notification_configuration(self, **asked: str) -> dict[str, Any]:
        assert asked["ExpectedBucketOwner"] == ACCOUNT
        return {**self.configuration, "ResponseMetadata": {}}

    def put_bucket_notification_configuration(self, **asked: Any) -> None:
        assert asked["ExpectedBucketOwner"] == ACCOUNT
        self.puts.append(asked)
        self.configuration = self.changed_meanwhile or asked["NotificationConfiguration"]


def test_eventbridge_is_added_and_nothing_that_was_there_is_lost() -> None:
    s3 = S3(OTHERS)

    look(s3, "data", ACCOUNT).turn_on(s3)

    assert s3.configuration == {**OTHERS, "EventBridgeConfiguration": {}}


def test_a_bucket_whose_eventbridge_is_on_is_not_written() -> None:
    s3 = S3({**OTHERS, "EventBridgeConfiguration": {}})

    look(s3, "data", ACCOUNT).turn_on(s3)

    assert s3.puts == []


def test_what_came_since_the_plan_was_shown_is_kept_too() -> None:
    s3 = S3({})
    planned = look(s3, "data", ACCOUNT)
    s3.configuration = OTHERS

    planned.turn_on(s3)

    assert s3.configuration == {**OTHERS, "EventBridgeConfiguration": {}}


def test_a_change_in_the_same_moment_is_seen_and_said() -> None:
    s3 = S3({}, changed_meanwhile={"TopicConfigurations": OTHERS["TopicConfigurations"]})

    with pytest.raises(UnusableBucket, match="topic heard"):
        look(s3, "data", ACCOUNT).turn_on(s3)


def test_the_plan_says_what_stays() -> None:
    assert Switch("data", ACCOUNT, OTHERS).kept == (
        "topic heard (s3:ObjectCreated:*)",
        "queue heard (s3:ObjectRemoved:*, prefix in/)",
        "function heard (s3:ObjectTagging:*)",
    )


@pytest.fixture
def s3(in_moto: None) -> Any:
    """moto's, in Frankfurt."""
    return boto3.Session(region_name="eu-central-1").client("s3")


def test_a_bucket_of_another_region_is_refused_with_the_region(s3: Any) -> None:
    there = boto3.Session(region_name="eu-west-1").client("s3")
    there.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    with pytest.raises(UnusableBucket, match="--region eu-west-1"):
        must_be_usable(s3, "far", ACCOUNT)


def test_a_bucket_that_there_is_not_is_refused(s3: Any) -> None:
    with pytest.raises(UnusableBucket, match="There is no bucket nowhere"):
        must_be_usable(s3, "nowhere", ACCOUNT)


@pytest.mark.parametrize(("code", "said"), [("403", "is not account 123456789012's"), ("301", "is in another region")])
def test_a_bucket_that_s3_does_not_let_us_see_is_refused(code: str, said: str) -> None:
    class Refusing:
        meta = boto3.Session(region_name="eu-central-1").client("s3").meta

        def head_bucket(self, **_: str) -> None:
            raise ClientError(
                {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPHeaders": {}}},  # type: ignore[typeddict-item]
                "HeadBucket",
            )

    with pytest.raises(UnusableBucket, match=said):
        must_be_usable(Refusing(), "data", ACCOUNT)


def test_a_bucket_of_ours_here_is_usable(s3: Any) -> None:
    s3.create_bucket(Bucket="near", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})

    must_be_usable(s3, "near", ACCOUNT)
