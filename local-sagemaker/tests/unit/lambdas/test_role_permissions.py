"""Lambda reads queues, writes logs and hands events over as the function's role."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker import AccessDecision, LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, eventually
from support.role_caller import Role, allow

ACCOUNT = "us-east-1:123456789012"
DECISIONS: list[AccessDecision] = []
UNREADABLE = b"1"
"""An event at which the function fails."""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account whose functions are held to their roles' policies; events that fail are not tried again."""
    with LocalSageMaker(tmp_path_factory.mktemp("home"), on_decision=DECISIONS.append, retry_delays_s=()) as aws:
        yield Account(aws, [])


def test_a_queue_is_read_only_for_a_function_whose_role_may(account: Account) -> None:
    role = Role(account)
    url, arn = account.queue()
    account.lambda_.create_event_source_mapping(FunctionName=role.function["FunctionName"], EventSourceArn=arn)
    account.sqs.send_message(QueueUrl=url, MessageBody="m")
    role.may(allow("sqs:ReceiveMessage"), allow("sqs:GetQueueAttributes"))
    eventually(lambda: any(one.asked == denied(arn) for one in DECISIONS))
    assert account.log(role.function) == ""

    role.may(*(allow(f"sqs:{action}") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")))

    eventually(lambda: "called" in account.log(role.function))


def denied(arn: str) -> Any:
    return next((one.asked for one in DECISIONS if one.asked.resource == arn and one.decided != "allowed"), None)


def test_logs_are_kept_only_of_a_function_whose_role_may_write_them(account: Account) -> None:
    role = Role(account)
    group = f"/aws/lambda/{role.function['FunctionName']}"
    role.may(allow("logs:CreateLogStream"))
    account.invoke(role.function, {})
    assert logged(account, group) == []

    role.may(allow("logs:CreateLogStream"), allow("logs:PutLogEvents", f"arn:aws:logs:{ACCOUNT}:log-group:{group}:*"))
    account.invoke(role.function, {})

    assert "called" in logged(account, group)


def logged(account: Account, group: str) -> list[str]:
    logs = client("logs", account.aws.endpoint_url, account.aws.region)
    try:
        return [one["message"] for one in logs.filter_log_events(logGroupName=group)["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def test_an_event_is_handed_over_only_if_the_functions_role_may_send(account: Account) -> None:
    role = Role(account)
    url, arn = account.queue()
    account.lambda_.put_function_event_invoke_config(
        FunctionName=role.function["FunctionName"], DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    account.lambda_.invoke(FunctionName=role.function["FunctionName"], InvocationType="Event", Payload=UNREADABLE)
    eventually(lambda: any(one.asked == denied(arn) for one in DECISIONS))

    role.may(allow("sqs:SendMessage", arn))
    account.lambda_.invoke(FunctionName=role.function["FunctionName"], InvocationType="Event", Payload=UNREADABLE)

    assert len(eventually(lambda: account.bodies(url))) == 1
