"""The endpoint, and where it is as strict as AWS."""

import contextlib
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, eventually, unique


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = refused.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_plain_clients_reach_moto_and_our_sagemaker_at_one_endpoint(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_object(Bucket=bucket, Key="a b+c/ü.csv", Body=b"x")

    assert account.s3.get_object(Bucket=bucket, Key="a b+c/ü.csv")["Body"].read() == b"x"
    assert account.sagemaker.list_models()["Models"] == []
    assert account.sagemaker.list_training_jobs()["TrainingJobSummaries"] == []


def test_a_second_one_in_the_process_is_refused(account: Account, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="only one local AWS at a time"):
        LocalSageMaker(tmp_path).start()


def test_a_copy_whose_source_has_changed_is_refused(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    seen = account.s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    source = {"Bucket": bucket, "Key": "a"}
    account.s3.copy_object(Bucket=bucket, Key="b", CopySource=source, CopySourceIfMatch=seen)
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"2")

    with pytest.raises(ClientError) as refused:
        account.s3.copy_object(Bucket=bucket, Key="b", CopySource=source, CopySourceIfMatch=seen)

    assert code_of(refused) == ("PreconditionFailed", 412)
    assert account.s3.get_object(Bucket=bucket, Key="b")["Body"].read() == b"1"


def test_a_part_copied_from_a_changed_source_is_refused(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    upload = account.s3.create_multipart_upload(Bucket=bucket, Key="b")["UploadId"]
    part = {"Bucket": bucket, "Key": "b", "UploadId": upload, "PartNumber": 1}

    with pytest.raises(ClientError) as refused:
        account.s3.upload_part_copy(
            **part, CopySource={"Bucket": bucket, "Key": "a"}, CopySourceIfMatch='"of another version"'
        )

    assert code_of(refused) == ("PreconditionFailed", 412)


def test_reading_another_version_than_asked_for_is_refused(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    seen = account.s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"2")

    with pytest.raises(ClientError) as refused:
        account.s3.get_object(Bucket=bucket, Key="a", IfMatch=seen)

    assert code_of(refused) == ("PreconditionFailed", 412)


def test_under_sse_kms_the_same_bytes_get_another_etag(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    plain = account.s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]

    under_kms = [
        account.s3.put_object(Bucket=bucket, Key="a", Body=b"1", ServerSideEncryption="aws:kms")["ETag"]
        for _ in range(2)
    ]

    assert len({plain, *under_kms}) == 3
    assert account.s3.head_object(Bucket=bucket, Key="a")["ETag"] == under_kms[-1]


def test_a_message_cannot_be_delayed_for_more_than_15_minutes(account: Account) -> None:
    url, _ = account.queue()

    account.sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=900)
    with pytest.raises(ClientError, match="must be >= 0 and <= 900"):
        account.sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=901)


def test_messages_sent_while_others_are_deleted_are_not_lost(account: Account) -> None:
    url, _ = account.queue()

    def send() -> None:
        for number in range(25):
            account.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(number))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    received: list[Any] = []
    eventually(lambda: received.extend(account.bodies(url)) or len(received) >= 100, timeout_s=60)

    assert sorted(received) == sorted(list(range(25)) * 4)


def test_of_many_conditional_writes_at_once_one_wins(account: Account) -> None:
    table = unique("table")
    account.dynamodb.create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    won = []
    lost = account.dynamodb.exceptions.ConditionalCheckFailedException  # asked for by many at once, it is many classes

    def claim(who: int) -> None:
        with contextlib.suppress(lost):
            item = {"pk": {"S": "iris"}, "owner": {"N": str(who)}}
            account.dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
            won.append(who)

    claimants = [threading.Thread(target=claim, args=(who,)) for who in range(8)]
    for claimant in claimants:
        claimant.start()
    for claimant in claimants:
        claimant.join()

    assert len(won) == 1


def test_a_long_poll_returns_when_a_message_comes_or_time_is_up(account: Account) -> None:
    url, _ = account.queue()
    threading.Timer(0.2, lambda: account.sqs.send_message(QueueUrl=url, MessageBody="x")).start()

    first = account.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)
    second = account.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)

    assert [m["Body"] for m in first["Messages"]] == ["x"]
    assert "Messages" not in second


def test_whoever_started_it_hears_what_is_published(account: Account) -> None:
    topic = account.sns.create_topic(Name=unique("topic"))["TopicArn"]

    sent = account.sns.publish(
        TopicArn=topic,
        Subject="tuned",
        Message="best: 0.1",
        MessageAttributes={"dataset": {"DataType": "String", "StringValue": "iris"}},
    )

    heard = account.published[-1]
    assert (heard.topic_arn, heard.subject, heard.message) == (topic, "tuned", "best: 0.1")
    assert heard.message_id == sent["MessageId"]
    assert heard.message_attributes == {"dataset": {"Type": "String", "Value": "iris"}}


def test_the_users_own_aws_settings_are_not_read(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-does-not-exist")

    assert client("sts", account.aws.endpoint_url, "us-east-1").get_caller_identity()["Account"] == "123456789012"


def test_a_large_object_comes_through_a_multipart_upload(account: Account) -> None:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    body = bytes(range(256)) * 40_000  # 10 MB: two parts

    account.s3.upload_fileobj(io.BytesIO(body), bucket, "big")

    assert account.s3.get_object(Bucket=bucket, Key="big")["Body"].read() == body
