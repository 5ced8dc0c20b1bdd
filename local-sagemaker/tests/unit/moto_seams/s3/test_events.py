"""What S3 says on EventBridge."""

import json
import re

from support.account import Account, unique


def bucket_with_events(account: Account) -> tuple[str, str]:
    """A bucket that talks to EventBridge, and the URL of the queue that gets all it says."""
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    url, arn = account.queue()
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    account.rule_to(arn, EventPattern=json.dumps(pattern))
    return bucket, url


def test_who_reads_a_buckets_notifications_learns_that_event_bridge_is_on(account: Account) -> None:
    bucket, _ = bucket_with_events(account)
    silent = unique("bucket")
    account.s3.create_bucket(Bucket=silent)

    told = account.s3.get_bucket_notification_configuration(Bucket=bucket)

    assert told["EventBridgeConfiguration"] == {}
    assert "EventBridgeConfiguration" not in account.s3.get_bucket_notification_configuration(Bucket=silent)


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
