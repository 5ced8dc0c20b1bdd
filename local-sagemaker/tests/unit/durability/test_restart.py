"""A local AWS that starts again in the home of an earlier one has what that one had.

Nothing is written at a stop: what is there is what each request had kept before it was answered.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, eventually

KEY = {"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
TABLE = {**KEY, "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}


@contextmanager
def running(home: Path) -> Iterator[Any]:
    """Clients by their service's name."""
    with LocalSageMaker(home, retry_delays_s=(0.1, 0.2)) as aws:
        yield lambda service: client(service, aws.endpoint_url, aws.region)


def body(s3: Any, key: str, **more: Any) -> bytes:
    return bytes(s3.get_object(Bucket="data", Key=key, **more)["Body"].read())


def test_objects_have_their_versions_metadata_and_tags(tmp_path: Path) -> None:
    with running(tmp_path) as of:
        s3 = of("s3")
        s3.create_bucket(Bucket="data")
        s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
        first = s3.put_object(Bucket="data", Key="a/ü b+c", Body=b"one", Metadata={"who": "me"})
        s3.put_object(Bucket="data", Key="a/ü b+c", Body=b"two" * 100_000)
        s3.put_object_tagging(Bucket="data", Key="a/ü b+c", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
        s3.put_object(Bucket="data", Key="gone", Body=b"x")
        s3.delete_object(Bucket="data", Key="gone")

    with running(tmp_path) as of:
        s3 = of("s3")
        assert body(s3, "a/ü b+c") == b"two" * 100_000
        old = s3.get_object(Bucket="data", Key="a/ü b+c", VersionId=first["VersionId"])
        assert (old["Body"].read(), old["ETag"], old["Metadata"]) == (b"one", first["ETag"], {"who": "me"})
        assert s3.get_object_tagging(Bucket="data", Key="a/ü b+c")["TagSet"] == [{"Key": "k", "Value": "v"}]
        assert len(s3.list_object_versions(Bucket="data")["DeleteMarkers"]) == 1


def test_what_was_overwritten_or_deleted_leaves_no_file(tmp_path: Path) -> None:
    with running(tmp_path) as of:
        s3 = of("s3")
        s3.create_bucket(Bucket="data")
        for number in range(5):
            s3.put_object(Bucket="data", Key="a", Body=f"{number}".encode())
        s3.put_object(Bucket="data", Key="b", Body=b"b")
        s3.delete_objects(Bucket="data", Delete={"Objects": [{"Key": "b"}]})

        assert [path.read_bytes() for path in (tmp_path / "objects").glob("*/*")] == [b"4"]


def test_an_upload_in_parts_is_completed_after_the_restart(tmp_path: Path) -> None:
    where = {"Bucket": "data", "Key": "big"}
    with running(tmp_path) as of:
        of("s3").create_bucket(Bucket="data")
        upload = of("s3").create_multipart_upload(**where, Metadata={"who": "me"})["UploadId"]
        part = of("s3").upload_part(**where, UploadId=upload, PartNumber=1, Body=b"1" * 5_242_880)

    with running(tmp_path) as of:
        last = of("s3").upload_part(**where, UploadId=upload, PartNumber=2, Body=b"2")
        parts = [{"PartNumber": number, "ETag": one["ETag"]} for number, one in ((1, part), (2, last))]
        of("s3").complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})

    with running(tmp_path) as of:
        assert body(of("s3"), "big") == b"1" * 5_242_880 + b"2"
        assert "Uploads" not in of("s3").list_multipart_uploads(Bucket="data")


def test_items_are_as_they_were_last_written(tmp_path: Path) -> None:
    with running(tmp_path) as of:
        table = of("dynamodb")
        table.create_table(TableName="ledger", **TABLE)
        for key in "abc":
            table.put_item(TableName="ledger", Item={"pk": {"S": key}, "n": {"N": "1"}})
        add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        table.update_item(TableName="ledger", Key={"pk": {"S": "a"}}, **add)
        table.delete_item(TableName="ledger", Key={"pk": {"S": "b"}})
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):  # writes d, then takes it back
            table.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": "ledger", "Item": {"pk": {"S": "d"}}}},
                    {"Delete": {"TableName": "ledger", "Key": {"pk": {"S": "c"}}, "ConditionExpression": "n = pk"}},
                ]
            )
        table.put_item(TableName="ledger", Item={"pk": {"S": "e"}})
        table.execute_statement(Statement="DELETE FROM \"ledger\" WHERE pk='e'")

    with running(tmp_path) as of:
        found = {item["pk"]["S"]: item["n"]["N"] for item in of("dynamodb").scan(TableName="ledger")["Items"]}
        assert found == {"a": "2", "c": "1"}


def test_messages_wait_in_their_order_hidden_as_long_as_they_were(tmp_path: Path) -> None:
    with running(tmp_path) as of:
        sqs = of("sqs")
        url = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
        for text in ("deleted", "in flight", "first", "second"):
            sqs.send_message(QueueUrl=url, MessageBody=text)
        sqs.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=600)
        taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=taken[0]["ReceiptHandle"])

    with running(tmp_path) as of:
        sqs = of("sqs")
        url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
        left = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert [message["Body"] for message in left] == ["first", "second"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=taken[0]["ReceiptHandle"])  # once more is no error
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=taken[1]["ReceiptHandle"], VisibilityTimeout=0)
        (again,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
        assert (again["Body"], again["Attributes"]["ApproximateReceiveCount"]) == ("in flight", "2")


def test_a_message_that_a_function_had_in_flight_comes_again_at_once(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        account = Account(aws, [])
        url, arn = account.queue(VisibilityTimeout="600")
        sleeper = account.function("tell_then_sleep", Timeout=60)
        account.lambda_.create_event_source_mapping(EventSourceArn=arn, FunctionName=sleeper["FunctionName"])
        account.sqs.send_message(QueueUrl=url, MessageBody="x")
        eventually(lambda: "pid" in account.log(sleeper), timeout_s=60)

    with LocalSageMaker(tmp_path):
        eventually(lambda: account.log(sleeper).count("pid") == 2, timeout_s=60)


def test_an_event_that_a_function_had_not_finished_comes_again(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        account = Account(aws, [])
        sleeper = account.function("tell_then_sleep", Timeout=60)
        account.lambda_.invoke(FunctionName=sleeper["FunctionName"], InvocationType="Event", Payload=b"{}")
        eventually(lambda: "pid" in account.log(sleeper), timeout_s=60)

    with LocalSageMaker(tmp_path):
        eventually(lambda: account.log(sleeper).count("pid") == 2, timeout_s=60)


def test_rules_functions_and_topics_work_as_before(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        account = Account(aws, [])
        url, arn = account.queue()
        account.rule_to(arn, EventPattern=json.dumps({"source": ["mine"]}))
        echo = account.function("echo")
        topic = account.sns.create_topic(Name="t")["TopicArn"]
        account.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    with running(tmp_path) as of:
        answer = of("lambda").invoke(FunctionName=echo["FunctionName"], Payload=b'{"a": 1}')
        assert json.loads(answer["Payload"].read()) == {"a": 1}
        of("events").put_events(Entries=[{"Source": "mine", "DetailType": "t", "Detail": "{}"}])
        of("sns").publish(TopicArn=topic, Message="told")
        url = of("sqs").get_queue_url(QueueName=url.rsplit("/", 1)[-1])["QueueUrl"]
        found = of("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        told = [json.loads(message["Body"]) for message in found]
        assert sorted(one.get("source") or one["Message"] for one in told) == ["mine", "told"]


def test_the_registry_still_knows_its_client_tokens(tmp_path: Path) -> None:
    package = {"ModelPackageGroupName": "g", "ClientToken": "t" * 36}
    with running(tmp_path) as of:
        of("sagemaker").create_model_package_group(ModelPackageGroupName="g")
        arn = of("sagemaker").create_model_package(**package)["ModelPackageArn"]

    with running(tmp_path) as of:
        assert of("sagemaker").create_model_package(**package)["ModelPackageArn"] == arn


def test_log_streams_have_their_events(tmp_path: Path) -> None:
    with running(tmp_path) as of:
        logs = of("logs")
        logs.create_log_group(logGroupName="g")
        logs.create_log_stream(logGroupName="g", logStreamName="s")
        for line in (1, 2):
            event = {"timestamp": int(time.time() * 1000), "message": f"line {line}"}
            logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[event])

    with running(tmp_path) as of:
        found = of("logs").get_log_events(logGroupName="g", logStreamName="s", startFromHead=True)["events"]
        assert [event["message"] for event in found] == ["line 1", "line 2"]


def test_the_home_keeps_its_port_if_it_is_free(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        first = aws.endpoint_url
    with LocalSageMaker(tmp_path) as again:
        assert again.endpoint_url == first


def test_metrics_are_there_after_each_of_two_restarts(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    dimensions = [{"Name": "TrainingJobName", "Value": "job"}]
    datum = {"MetricName": "mse", "Dimensions": dimensions, "Timestamp": now, "Value": 2.0}
    for _ in range(2):
        with running(tmp_path) as of:
            of("cloudwatch").put_metric_data(Namespace="jobs", MetricData=[datum])

    with running(tmp_path) as of:
        found = of("cloudwatch").get_metric_statistics(
            Namespace="jobs",
            MetricName="mse",
            Dimensions=dimensions,
            StartTime=now,
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["SampleCount", "Sum"],
        )
    [point] = found["Datapoints"]
    assert (point["SampleCount"], point["Sum"]) == (2.0, 4.0)
