"""What functions print, as it is read in CloudWatch Logs.

docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import json
import re
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.clients import client
from support.account import Account, unique, zipped

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


def logs_of(account: Account) -> Any:
    return client("logs", account.aws.endpoint_url, account.aws.region)


def events(account: Account, function: dict[str, Any]) -> list[Any]:
    group = f"/aws/lambda/{function['FunctionName']}"
    found: list[Any] = logs_of(account).filter_log_events(logGroupName=group)["events"]
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


def test_functions_that_share_a_log_group_have_streams_that_name_them(account: Account) -> None:
    group = unique("/mine/group")
    one, two = (
        account.function("speak", zipped(SPEAKS), FunctionName=unique(name), LoggingConfig={"LogGroup": group})
        for name in ("one", "two")
    )

    (stream, said_group), _ = account.invoke(one, 1)
    account.invoke(two, 2)

    found = logs_of(account).filter_log_events(logGroupName=group)["events"]
    assert said_group == group
    assert re.fullmatch(rf"\d{{4}}/\d\d/\d\d/{one['FunctionName']}\[\$LATEST\][0-9a-f]{{32}}", stream)
    said = {event["message"]: event["logStreamName"] for event in found}
    assert said["said 1"] == stream and two["FunctionName"] in said["said 2"]
    told = account.lambda_.get_function_configuration(FunctionName=one["FunctionName"])
    assert told["LoggingConfig"]["LogGroup"] == group
    with pytest.raises(ClientError, match="does not exist"):
        events(account, one)


def test_a_function_logs_to_the_group_that_its_template_names(account: Account) -> None:
    function = {"FunctionName": unique("function")}
    properties = {**function, "Role": account.role_arn, "Runtime": "python3.11", "Handler": "index.speak"}
    code = {"ZipFile": "def speak(event, context):\n    return context.log_group_name\n"}
    resource = {"Type": "AWS::Lambda::Function", "Properties": {**properties, "Code": code}}
    resource["Properties"] |= {"LoggingConfig": {"LogGroup": "/of/the/template"}}

    account.cloudformation.create_stack(
        StackName=unique("stack"), TemplateBody=json.dumps({"Resources": {"F": resource}})
    )

    assert account.invoke(function) == ("/of/the/template", None)


def test_one_streams_lines_are_found_by_its_prefix_and_all_in_the_order_of_time(account: Account) -> None:
    logs, group = logs_of(account), unique("group")
    logs.create_log_group(logGroupName=group)
    now_ms = int(time.time() * 1000)
    for stream, times in (("a/1", (1, 4)), ("b/1", (2, 3))):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        lines = [{"timestamp": now_ms + at, "message": f"{stream} {at}"} for at in times]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)

    def found(**asked: Any) -> list[str]:
        return [event["message"] for event in logs.filter_log_events(logGroupName=group, **asked)["events"]]

    assert found() == ["a/1 1", "b/1 2", "b/1 3", "a/1 4"]
    assert found(logStreamNamePrefix="b/") == ["b/1 2", "b/1 3"]
    assert found(logStreamNamePrefix="c/") == []
    with pytest.raises(ClientError, match="exclude each other"):
        found(logStreamNamePrefix="b/", logStreamNames=["a/1"])
