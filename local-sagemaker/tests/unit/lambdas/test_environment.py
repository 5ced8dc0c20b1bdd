"""Functions run for real: their environment and their death."""

import os
import re
import signal
import threading
import time
from typing import Any

import pytest

from support.account import Account, eventually, most_at_a_time, zipped


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

    assert time.monotonic() - began < 60  # what it would have slept
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
    account.lambda_.put_function_concurrency(FunctionName=function["FunctionName"], ReservedConcurrentExecutions=1)

    callers = [threading.Thread(target=account.invoke, args=(function,)) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(20)

    assert most_at_a_time(account.log(function)) == 1


def test_an_event_invocation_and_a_dry_run_answer_at_once(account: Account) -> None:
    function = account.function("sleep")
    name = function["FunctionName"]

    began = time.monotonic()
    event = account.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"seconds": 5}')
    dry = account.lambda_.invoke(FunctionName=name, InvocationType="DryRun", Payload=b'{"seconds": 5}')

    assert time.monotonic() - began < 5  # what it sleeps
    assert (event["StatusCode"], dry["StatusCode"]) == (202, 204)
    eventually(lambda: "sleeping" in account.log(function))
    assert account.log(function).count("sleeping") == 1


def test_a_payload_that_is_not_json_is_refused(account: Account) -> None:
    function = account.function("echo")

    with pytest.raises(account.lambda_.exceptions.InvalidRequestContentException):
        account.lambda_.invoke(FunctionName=function["FunctionName"], Payload=b"{")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
