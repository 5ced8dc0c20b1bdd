"""Functions run for real: their environment, their death, their queues."""

import json
import os
import re
import signal
import threading
import time
from typing import Any

import pytest

from localaws.lambdas.batches import failed_ids
from localaws.lambdas.values import Outcome
from tests.unit.localaws.account import Account, eventually, zipped


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


def test_a_function_runs_its_zip_in_a_process_of_its_own(account: Account) -> None:
    function = account.function("tell", Timeout=7)

    told, error = account.invoke(function)

    assert error is None
    assert told["pid"] != os.getpid()
    assert told["cwd"] == told["environment"]["LAMBDA_TASK_ROOT"]
    assert told["arn"] == function["FunctionArn"]
    assert 6000 < told["left_ms"] <= 7000


def test_a_function_sees_its_own_environment_and_nothing_of_the_users(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "my-real-key")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    variables = {"RETUNE_SETTLE_S": "60", "AWS_REGION": "mars-north-1"}
    function = account.function("tell", MemorySize=512, Environment={"Variables": variables})

    environment = account.invoke(function)[0]["environment"]

    assert environment["RETUNE_SETTLE_S"] == "60"
    assert environment["AWS_REGION"] == "us-east-1", "reserved variables are Lambda's"
    assert environment["AWS_ENDPOINT_URL"] == account.aws.endpoint_url
    assert environment["AWS_ACCESS_KEY_ID"] != "my-real-key"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == function["FunctionName"]
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert not {"AWS_PROFILE", "PYTHONPATH", "HOME"} & environment.keys()


def test_a_warm_environment_is_reused_and_a_changed_function_gets_a_new_one(account: Account) -> None:
    function = account.function("tell")
    first = account.invoke(function)[0]["pid"]
    second = account.invoke(function)[0]["pid"]

    account.lambda_.update_function_configuration(
        FunctionName=function["FunctionName"], Environment={"Variables": {"A": "1"}}
    )
    third = account.invoke(function)[0]

    assert second == first
    assert third["pid"] != first
    assert third["environment"]["A"] == "1"
    eventually(lambda: not _runs(first))


def test_new_code_is_what_runs_next(account: Account) -> None:
    function = account.function("echo")
    assert account.invoke(function, "old") == ("old", None)

    account.lambda_.update_function_code(
        FunctionName=function["FunctionName"], ZipFile=zipped("def echo(event, context):\n    return 'new'\n")
    )

    assert account.invoke(function, "old") == ("new", None)


def test_an_exception_is_the_functions_error(account: Account) -> None:
    answer, error = account.invoke(account.function("fail"))

    assert error == "Unhandled"
    assert (answer["errorType"], answer["errorMessage"]) == ("ValueError", "no such iris")


def test_a_function_that_outlives_its_timeout_is_killed_with_all_it_started(account: Account) -> None:
    function = account.function("sleep_with_child", Timeout=1)

    began = time.monotonic()
    answer, error = account.invoke(function)

    assert time.monotonic() - began < 10
    assert error == "Unhandled"
    assert answer["errorMessage"].endswith("Task timed out after 1.00 seconds")
    child = int(re.findall(r"child (\d+)", account.log(function))[0])
    eventually(lambda: not _runs(child))


def test_a_process_that_ends_is_an_error_and_the_next_invocation_gets_a_new_one(account: Account) -> None:
    function = account.function("leave")

    answers = [account.invoke(function) for _ in range(2)]

    for answer, error in answers:
        assert error == "Unhandled"
        assert answer["errorType"] == "Runtime.ExitError"
        assert "exit status 3" in answer["errorMessage"]


def test_a_function_killed_while_it_runs_is_an_error(account: Account) -> None:
    function = account.function("tell_then_sleep")
    answers: list[Any] = []
    caller = threading.Thread(target=lambda: answers.append(account.invoke(function)))
    caller.start()
    pid = int(eventually(lambda: re.findall(r"pid (\d+)", account.log(function)))[0])

    os.kill(pid, signal.SIGKILL)
    caller.join(10)

    [(answer, error)] = answers
    assert error == "Unhandled"
    assert answer["errorType"] == "Runtime.ExitError"
    assert "SIGKILL" in answer["errorMessage"]


def test_an_idle_environment_that_died_is_replaced_unnoticed(account: Account) -> None:
    function = account.function("tell")
    pid = account.invoke(function)[0]["pid"]

    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not _runs(pid))
    told, error = account.invoke(function)

    assert error is None
    assert told["pid"] != pid


def test_a_handler_that_is_not_there_is_named(account: Account) -> None:
    answer, error = account.invoke(account.function("nobody"))

    assert error == "Unhandled"
    assert answer["errorType"] == "Runtime.HandlerNotFound"
    assert "nobody" in answer["errorMessage"]


def test_the_log_tells_each_invocation_and_what_it_printed(account: Account) -> None:
    function = account.function("fail")

    account.invoke(function)

    log = eventually(lambda: "REPORT" in account.log(function) and account.log(function))
    assert log.index("START RequestId") < log.index("failing") < log.index("REPORT RequestId")
    assert "ValueError: no such iris" in log


def test_invocations_beyond_the_functions_concurrency_wait_their_turn(account: Account) -> None:
    function = account.function("slow_batch")
    account.lambda_.put_function_concurrency(
        FunctionName=function["FunctionName"], ReservedConcurrentExecutions=1
    )

    callers = [threading.Thread(target=account.invoke, args=(function,)) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(20)

    assert _most_at_a_time(account.log(function)) == 1


def test_an_event_invocation_and_a_dry_run_answer_at_once(account: Account) -> None:
    function = account.function("sleep")
    name = function["FunctionName"]

    began = time.monotonic()
    event = account.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"seconds": 5}')
    dry = account.lambda_.invoke(FunctionName=name, InvocationType="DryRun", Payload=b'{"seconds": 5}')

    assert time.monotonic() - began < 2
    assert (event["StatusCode"], dry["StatusCode"]) == (202, 204)
    eventually(lambda: "sleeping" in account.log(function))
    assert account.log(function).count("sleeping") == 1


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
    eventually(lambda: True)

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
    assert _most_at_a_time(account.log(function)) == 2


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
def test_what_a_function_says_of_its_batch_is_read_as_lambda_reads_it(
    answer: bytes, failed: set[str]
) -> None:
    assert failed_ids(Outcome(answer), {"a", "b"}, reports_item_failures=True) == failed


def test_a_function_that_was_not_asked_for_item_failures_has_none() -> None:
    answer = Outcome(b'{"batchItemFailures": [{"itemIdentifier": "a"}]}')

    assert failed_ids(answer, {"a"}, reports_item_failures=False) == set()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _most_at_a_time(log: str) -> int:
    times = sorted((float(t), what) for what, t in re.findall(r"^(began|ended) ([\d.]+)$", log, re.MULTILINE))
    assert times, log
    running = most = 0
    for _, what in times:
        running += 1 if what == "began" else -1
        most = max(most, running)
    return most
