"""What EventBridge's rules deliver, and to whom."""

import json
import time
from typing import Any

from support.account import Account, eventually

ATTEMPTS = 3  # Lambda gives a function an event that failed twice more


def put(account: Account, source: str = "test", **detail: Any) -> dict[str, Any]:
    entry = {"Source": source, "DetailType": "Something", "Detail": json.dumps(detail)}
    return account.events.put_events(Entries=[entry])


def policy_for(rule: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": ["sqs:*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:us-east-1:123456789012:rule/{rule}"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_an_event_reaches_a_queue_whole_and_only_if_it_matches(account: Account) -> None:
    url, arn = account.queue()
    account.rule_to(arn, EventPattern=json.dumps({"source": ["mine"], "detail": {"n": [1]}}))

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
    account.rule_to(arn, EventPattern='{"source":["off"]}', State="DISABLED")

    put(account, "off", n=1)

    assert account.bodies(url) == []


def test_a_schedule_does_not_match_events(account: Account) -> None:
    url, arn = account.queue()
    account.rule_to(arn, ScheduleExpression="rate(1 day)")

    put(account, "anything", n=1)

    assert account.bodies(url) == []


def test_trouble_of_a_target_never_reaches_the_sender(account: Account) -> None:
    url, arn = account.queue()
    account.rule_to("arn:aws:sqs:us-east-1:123456789012:gone", EventPattern='{"source":["broken"]}')
    account.rule_to("arn:aws:states:us-east-1:123456789012:stateMachine:s", EventPattern='{"source":["broken"]}')
    account.rule_to(arn, EventPattern='{"source":["broken"]}')

    assert put(account, "broken", n=1)["FailedEntryCount"] == 0
    assert len(account.bodies(url)) == 1


def test_a_queue_whose_policy_does_not_let_the_rule_in_gets_nothing(account: Account) -> None:
    url, arn = account.queue(Policy="")
    name = account.rule_to(arn, EventPattern='{"source":["stranger"]}')

    put(account, "stranger", n=1)
    account.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for("another")})
    put(account, "stranger", n=2)
    account.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for(name)})
    put(account, "stranger", n=3)

    assert [event["detail"]["n"] for event in account.bodies(url)] == [3]


def test_a_function_that_rules_may_not_call_is_not_run(account: Account) -> None:
    function = account.function("fail")
    account.lambda_.remove_permission(FunctionName=function["FunctionName"], StatementId="rules")
    account.rule_to(function["FunctionArn"], EventPattern='{"source":["uninvited"]}')

    put(account, "uninvited", n=1)

    time.sleep(0.3)
    assert account.log(function) == ""


def test_a_targets_constant_input_replaces_the_event(account: Account) -> None:
    url, arn = account.queue()
    name = account.rule_to(arn, EventPattern='{"source":["constant"]}')
    account.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "Input": '{"sweep":true}'}])

    put(account, "constant", n=1)

    assert account.bodies(url) == [{"sweep": True}]


def test_the_sender_does_not_wait_for_a_function(account: Account) -> None:
    function = account.function("tell_then_sleep", Timeout=60)
    account.rule_to(function["FunctionArn"], EventPattern='{"source":["slow"]}')

    began = time.monotonic()
    put(account, "slow")

    eventually(lambda: "pid" in account.log(function))
    assert time.monotonic() - began < 60  # what it sleeps


def test_a_failed_event_is_tried_twice_more_and_then_recorded(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("fail")
    account.lambda_.put_function_event_invoke_config(
        FunctionName=function["FunctionName"], DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    account.rule_to(function["FunctionArn"], EventPattern='{"source":["failing"]}')

    put(account, "failing", dataset="iris")

    [record] = eventually(lambda: account.bodies(url))
    assert account.log(function).count("failing\n") == ATTEMPTS
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == ATTEMPTS
    assert record["requestPayload"]["detail"] == {"dataset": "iris"}
    assert record["responsePayload"]["errorMessage"] == "no such iris"


def test_a_function_may_ask_for_fewer_retries_and_dead_letters(account: Account) -> None:
    url, arn = account.queue()
    function = account.function("fail", DeadLetterConfig={"TargetArn": arn})
    account.lambda_.put_function_event_invoke_config(FunctionName=function["FunctionName"], MaximumRetryAttempts=1)

    account.lambda_.invoke(FunctionName=function["FunctionName"], InvocationType="Event", Payload=b'{"a":1}')

    assert eventually(lambda: account.bodies(url)) == [{"a": 1}]
    assert account.log(function).count("failing\n") == 1 + 1
