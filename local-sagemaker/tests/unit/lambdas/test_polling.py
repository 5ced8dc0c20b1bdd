"""Functions fed by their queues."""

import json
import re
import time
from typing import Any

import pytest

from local_sagemaker.lambdas.batches import failed_ids
from local_sagemaker.lambdas.values import Outcome
from support.account import Account, eventually, most_at_a_time


def mapping(account: Account, function: dict[str, Any], queue_arn: str, **more: Any) -> str:
    made = account.lambda_.create_event_source_mapping(
        EventSourceArn=queue_arn, FunctionName=function["FunctionName"], **more
    )
    return made["UUID"]


def batches(account: Account, function: dict[str, Any]) -> list[Any]:
    return [json.loads(line) for line in re.findall(r"^batch (.*)$", account.log(function), re.MULTILINE)]


def visible_or_not(account: Account, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(n) for n in found.values())


def test_messages_reach_the_function_in_lambdas_shape_and_are_deleted(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("log_records")
    mapping(account, function, arn)

    account.sqs.send_message(
        QueueUrl=url,
        MessageBody="hello",
        MessageAttributes={"dataset": {"DataType": "String", "StringValue": "iris"}},
    )

    [[record]] = eventually(lambda: batches(account, function))
    assert record["body"] == "hello"
    assert record["md5OfBody"] == "5d41402abc4b2a76b9719d911017c592"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == arn
    assert record["awsRegion"] == "us-east-1"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["dataset"]["stringValue"] == "iris"
    assert {"messageId", "receiptHandle"} <= record.keys()
    eventually(lambda: visible_or_not(account, url) == 0)


def test_a_window_gathers_a_burst_into_one_batch(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("fail_on_bad")
    mapping(account, function, arn, BatchSize=100, MaximumBatchingWindowInSeconds=1)

    for number in range(15):
        account.sqs.send_message(QueueUrl=url, MessageBody=f"{number:02}")

    [batch] = eventually(lambda: batches(account, function))
    assert batch == [f"{number:02}" for number in range(15)]


def test_only_the_messages_that_failed_come_again_and_then_go_to_the_dead_letters(account: Account) -> None:
    dead_url, dead_arn = account.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = account.queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    function = account.function("fail_on_bad")
    for body in ("good", "bad"):
        account.sqs.send_message(QueueUrl=url, MessageBody=body)

    mapping(account, function, arn, FunctionResponseTypes=["ReportBatchItemFailures"])

    dead = eventually(lambda: account.sqs.receive_message(QueueUrl=dead_url).get("Messages"))
    assert [m["Body"] for m in dead] == ["bad"]
    assert batches(account, function) == [["bad", "good"], ["bad"]]
    assert visible_or_not(account, url) == 0


def test_a_failed_batch_stays_until_its_visibility_ends(account: Account) -> None:
    url, arn = account.queue(VisibilityTimeout="30")
    function = account.function("fail")
    mapping(account, function, arn)

    account.sqs.send_message(QueueUrl=url, MessageBody="x")

    eventually(lambda: "REPORT" in account.log(function))
    time.sleep(0.3)
    assert account.log(function).count("failing\n") == 1
    assert visible_or_not(account, url) == 1


def test_a_mapping_runs_no_more_batches_at_a_time_than_it_may(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("slow_batch")
    for number in range(6):
        account.sqs.send_message(QueueUrl=url, MessageBody=str(number))

    mapping(account, function, arn, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})

    eventually(lambda: account.log(function).count("ended") == 6)
    assert most_at_a_time(account.log(function)) <= 2


def test_a_disabled_mapping_rests_and_a_deleted_one_is_gone(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("log_records")
    identifier = mapping(account, function, arn, Enabled=False)
    account.sqs.send_message(QueueUrl=url, MessageBody="x")
    time.sleep(0.3)
    assert visible_or_not(account, url) == 1

    account.lambda_.update_event_source_mapping(UUID=identifier, Enabled=True)
    eventually(lambda: visible_or_not(account, url) == 0)

    account.lambda_.delete_event_source_mapping(UUID=identifier)
    time.sleep(0.3)
    account.sqs.send_message(QueueUrl=url, MessageBody="y")
    time.sleep(0.3)
    assert visible_or_not(account, url) == 1


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (b"null", set()),
        (b"{}", set()),
        (b'{"batchItemFailures": null}', set()),
        (b'{"batchItemFailures": [{"itemIdentifier": "a"}]}', {"a"}),
        (b'{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": null}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": "stranger"}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"wrongName": "a"}]}', {"a", "b"}),
        (b'"not an object"', {"a", "b"}),
    ],
)
def test_what_a_function_says_of_its_batch_is_read_as_lambda_reads_it(answer: bytes, failed: set[str]) -> None:
    assert failed_ids(Outcome(answer), {"a", "b"}, reports_item_failures=True) == failed


def test_a_function_that_was_not_asked_for_item_failures_has_none() -> None:
    answer = Outcome(b'{"batchItemFailures": [{"itemIdentifier": "a"}]}')

    assert failed_ids(answer, {"a"}, reports_item_failures=False) == set()
