"""EventBridge: what S3 says, what rules deliver, and to whom."""

import json
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest

from localaws.compute import scheduled_event
from localaws.moto_seams import bus
from localaws.schedules import Schedules, period_s
from tests.unit.localaws.account import Account, eventually, unique

FAILS_TWICE_AGAIN = 3  # Lambda tries a failed event twice more


def rule_to(account: Account, arn: str, **rule: Any) -> str:
    name = unique("rule")
    account.events.put_rule(Name=name, **rule)
    account.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    return name


def bucket_with_events(account: Account, **pattern: Any) -> tuple[str, str]:
    """A bucket that talks to EventBridge, and the URL of the queue that gets all it says."""
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    url, arn = account.queue()
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    rule_to(account, arn, EventPattern=json.dumps(pattern))
    return bucket, url


def put(account: Account, source: str = "test", **detail: Any) -> dict[str, Any]:
    entry = {"Source": source, "DetailType": "Something", "Detail": json.dumps(detail)}
    return account.events.put_events(Entries=[entry])


def test_an_object_created_has_the_documented_shape(account: Account) -> None:
    bucket, url = bucket_with_events(account)

    account.s3.put_object(Bucket=bucket, Key="datasets/a b+ü/x.csv", Body=b"hello")

    [event] = account.bodies(url)
    assert event["source"] == "aws.s3"
    assert event["detail-type"] == "Object Created"
    assert event["account"] == "123456789012"
    assert event["region"] == "us-east-1"
    assert event["resources"] == [f"arn:aws:s3:::{bucket}"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    assert event["detail"]["reason"] == "PutObject"
    assert event["detail"]["object"].pop("sequencer")
    assert event["detail"]["object"] == {
        "key": "datasets/a b+ü/x.csv",
        "size": 5,
        "etag": "5d41402abc4b2a76b9719d911017c592",
    }


def test_the_events_etag_is_the_objects_under_sse_kms_too(account: Account) -> None:
    bucket, url = bucket_with_events(account)

    etag = account.s3.put_object(Bucket=bucket, Key="a", Body=b"x", ServerSideEncryption="aws:kms")["ETag"]

    assert [e["detail"]["object"]["etag"] for e in account.bodies(url)] == [etag.strip('"')]


def test_a_multipart_upload_says_once_that_it_is_complete(account: Account) -> None:
    bucket, url = bucket_with_events(account)
    upload = account.s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    part = account.s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=1, Body=b"x")

    account.s3.complete_multipart_upload(
        Bucket=bucket,
        Key="big",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )

    [event] = account.bodies(url)
    assert event["detail"]["reason"] == "CompleteMultipartUpload"
    assert event["detail"]["object"]["etag"].endswith("-1")


def test_a_copy_says_so(account: Account) -> None:
    bucket, url = bucket_with_events(account)
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    account.bodies(url)

    account.s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})

    assert [e["detail"]["reason"] for e in account.bodies(url)] == ["CopyObject"]


def test_deleting_says_what_is_gone(account: Account) -> None:
    bucket, url = bucket_with_events(account)
    for key in "ab":
        account.s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    account.bodies(url)

    account.s3.delete_object(Bucket=bucket, Key="a")
    account.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}]})

    events = account.bodies(url)
    assert [e["detail-type"] for e in events] == ["Object Deleted"] * 2
    assert [e["detail"]["object"]["key"] for e in events] == ["a", "b"]
    assert events[0]["detail"]["deletion-type"] == "Permanently Deleted"
    assert events[0]["detail"]["reason"] == "DeleteObject"


def test_a_versioned_bucket_tells_versions_and_delete_markers(account: Account) -> None:
    bucket, url = bucket_with_events(account)
    account.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    version = account.s3.put_object(Bucket=bucket, Key="a", Body=b"x")["VersionId"]
    marker = account.s3.delete_object(Bucket=bucket, Key="a")["VersionId"]

    created, deleted = account.bodies(url)
    assert created["detail"]["object"]["version-id"] == version
    assert deleted["detail"]["object"]["version-id"] == marker
    assert deleted["detail"]["deletion-type"] == "Delete Marker Created"


def test_tagging_an_object_says_so_but_a_tagged_put_does_not(account: Account) -> None:
    bucket, url = bucket_with_events(account)

    account.s3.put_object(Bucket=bucket, Key="a", Body=b"x", Tagging="k=v")
    account.s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "w"}]})

    assert [e["detail-type"] for e in account.bodies(url)] == ["Object Created", "Object Tags Added"]


def test_a_bucket_without_eventbridge_says_nothing(account: Account) -> None:
    bucket, url = bucket_with_events(account)
    account.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})

    account.s3.put_object(Bucket=bucket, Key="a", Body=b"x")

    assert account.bodies(url) == []


def test_an_event_reaches_a_queue_whole_and_only_if_it_matches(account: Account) -> None:
    url, arn = account.queue()
    rule_to(account, arn, EventPattern=json.dumps({"source": ["mine"], "detail": {"n": [1]}}))

    sent = put(account, "mine", n=1)
    put(account, "mine", n=2)
    put(account, "theirs", n=1)

    [event] = account.bodies(url)
    assert event["id"] == sent["Entries"][0]["EventId"]
    assert set(event) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip


def test_a_disabled_rule_delivers_nothing(account: Account) -> None:
    url, arn = account.queue()
    rule_to(account, arn, EventPattern='{"source":["off"]}', State="DISABLED")

    put(account, "off", n=1)

    assert account.bodies(url) == []


def test_a_schedule_does_not_match_events(account: Account) -> None:
    url, arn = account.queue()
    rule_to(account, arn, ScheduleExpression="rate(1 day)")

    put(account, "anything", n=1)

    assert account.bodies(url) == []


def test_trouble_of_a_target_never_reaches_the_sender(account: Account) -> None:
    url, arn = account.queue()
    rule_to(account, "arn:aws:sqs:us-east-1:123456789012:gone", EventPattern='{"source":["broken"]}')
    rule_to(
        account, "arn:aws:states:us-east-1:123456789012:stateMachine:s", EventPattern='{"source":["broken"]}'
    )
    rule_to(account, arn, EventPattern='{"source":["broken"]}')

    assert put(account, "broken", n=1)["FailedEntryCount"] == 0
    assert len(account.bodies(url)) == 1


def test_a_targets_constant_input_replaces_the_event(account: Account) -> None:
    url, arn = account.queue()
    name = rule_to(account, arn, EventPattern='{"source":["constant"]}')
    account.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "Input": '{"sweep":true}'}])

    put(account, "constant", n=1)

    assert account.bodies(url) == [{"sweep": True}]


def test_the_sender_does_not_wait_for_a_function(account: Account) -> None:
    function = account.function("log_event")
    rule_to(account, function["FunctionArn"], EventPattern='{"source":["slow"]}')

    began = time.monotonic()
    put(account, "slow", seconds=0.5)
    took = time.monotonic() - began

    assert took < 0.5
    eventually(lambda: "event" in account.log(function))
    assert '"seconds": 0.5' in account.log(function)


def test_a_failed_event_is_tried_twice_more_and_then_recorded(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("fail")
    account.lambda_.put_function_event_invoke_config(
        FunctionName=function["FunctionName"], DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    rule_to(account, function["FunctionArn"], EventPattern='{"source":["failing"]}')

    put(account, "failing", dataset="iris")

    [record] = eventually(lambda: account.bodies(url))
    assert account.log(function).count("failing\n") == FAILS_TWICE_AGAIN
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == FAILS_TWICE_AGAIN
    assert record["requestPayload"]["detail"] == {"dataset": "iris"}
    assert record["responsePayload"]["errorMessage"] == "no such iris"


def test_a_function_may_ask_for_fewer_retries_and_dead_letters(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("fail", DeadLetterConfig={"TargetArn": arn})
    account.lambda_.put_function_event_invoke_config(
        FunctionName=function["FunctionName"], MaximumRetryAttempts=1
    )

    account.lambda_.invoke(FunctionName=function["FunctionName"], InvocationType="Event", Payload=b'{"a":1}')

    assert eventually(lambda: account.bodies(url)) == [{"a": 1}]
    assert account.log(function).count("failing\n") == 1 + 1


def test_a_schedule_delivers_the_documented_event(account: Account) -> None:
    url, arn = account.queue()
    name = rule_to(account, arn, ScheduleExpression="rate(1 day)")
    [rule] = [r for r in bus.rules("123456789012", "us-east-1") if r.name == name]

    bus.deliver(rule, scheduled_event(rule), to_lambda=lambda arn, payload: None)

    [event] = account.bodies(url)
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.events", "Scheduled Event", {})
    assert event["resources"] == [rule.arn]


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(15 minutes)", 900), ("rate(2 hours)", 7200), ("rate(1 day)", 86400)],
)
def test_a_rate_has_a_period(expression: str, seconds: int) -> None:
    assert period_s(expression) == seconds


def test_a_cron_expression_has_none() -> None:
    assert period_s("cron(0 12 * * ? *)") is None


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_an_enabled_rate_fires_once_a_period_and_a_disabled_one_does_not() -> None:
    clock, fired = Clock(), []
    on = SimpleNamespace(arn="on", scheduled_expression="rate(1 minute)", state="ENABLED")
    off = SimpleNamespace(arn="off", scheduled_expression="rate(1 minute)", state="DISABLED")
    schedules = Schedules(lambda: [on, off], lambda rule: fired.append(rule.arn), clock, look_s=0.005)

    for second in (0, 59, 60, 61, 120):
        clock.seconds = second
        time.sleep(0.05)
        if second == 59:
            assert fired == [], "the first comes one period after the rule"
    schedules.stop()

    assert fired == ["on", "on"]


def test_a_rule_created_later_is_noticed_and_a_deleted_one_forgotten() -> None:
    clock, fired, rules = Clock(), [], []
    schedules = Schedules(lambda: list(rules), lambda rule: fired.append(rule.arn), clock, look_s=0.005)

    rules.append(SimpleNamespace(arn="late", scheduled_expression="rate(1 minute)", state="ENABLED"))
    time.sleep(0.05)
    clock.seconds = 60
    time.sleep(0.05)
    rules.clear()
    clock.seconds = 120
    time.sleep(0.05)
    schedules.stop()

    assert fired == ["late"]
