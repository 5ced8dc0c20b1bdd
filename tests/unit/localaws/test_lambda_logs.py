"""What functions print, as it is read in CloudWatch Logs.

docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import re
from typing import Any

from localaws.clients import client
from tests.unit.localaws.account import Account, zipped

SPEAKS = """
import os

def speak(event, context):
    print("said", event)
    print("é")
    return os.environ["AWS_LAMBDA_LOG_STREAM_NAME"], context.log_group_name

def die(event, context):
    print("last words", flush=True)
    os._exit(3)
"""


def events(account: Account, function: dict[str, Any]) -> list[Any]:
    logs = client("logs", account.aws.endpoint_url, account.aws.region)
    found: list[Any] = logs.filter_log_events(logGroupName=f"/aws/lambda/{function['FunctionName']}")["events"]
    return found


def test_each_invocation_is_in_the_functions_log_with_its_beginning_and_its_end(account: Account) -> None:
    function = account.function("speak", zipped(SPEAKS))
    (stream, group), _ = account.invoke(function, 1)
    account.invoke(function, 2)

    found = events(account, function)

    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    assert {event["logStreamName"] for event in found} == {stream}
    assert group == f"/aws/lambda/{function['FunctionName']}"
    said = [event["message"].split(" RequestId")[0] for event in found]
    assert said == ["START", "said 1", "é", "REPORT", "START", "said 2", "é", "REPORT"]


def test_the_last_words_of_a_function_that_died_are_in_its_log(account: Account) -> None:
    function = account.function("die", zipped(SPEAKS))

    _, error = account.invoke(function)

    said = [event["message"] for event in events(account, function)]
    assert error == "Unhandled" and "last words" in said
    assert any("Runtime exited with error: exit status 3" in line for line in said)
