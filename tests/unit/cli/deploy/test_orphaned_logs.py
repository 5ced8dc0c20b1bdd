"""Log groups of a deleted stack that came back: found and removed, and no other group is."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.deploy import progress
from cli.deploy.apply import apply
from cli.deploy.orphaned_logs import LogGroupTaken, found, remove
from cli.deploy.stack_state import WatchedStack
from cli.paths import ROOT
from tests.support.deploy.fake_cloudformation import FakeCloudFormation

TEMPLATE = json.loads((ROOT / "infra" / "resources.json").read_text())
Client = Callable[[str], Any]


class Stacks:
    """CloudFormation with one stack, `other`, whose only resource is a log group."""

    def __init__(self, group: str, status: str = "CREATE_COMPLETE") -> None:
        self._resource = {"StackName": "other", "PhysicalResourceId": group, "ResourceStatus": status}

    def describe_stack_resources(self, PhysicalResourceId: str) -> dict[str, Any]:  # noqa: N803 - AWS's word
        if PhysicalResourceId != self._resource["PhysicalResourceId"]:
            message = f"Stack for {PhysicalResourceId} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStackResources")
        return {"StackResources": [self._resource]}


@pytest.fixture
def client(in_moto: None) -> Client:
    return partial(boto3.client, region_name="us-east-1")


def groups(client: Client) -> list[str]:
    return [one["logGroupName"] for one in client("logs").describe_log_groups()["logGroups"]]


def with_stacks(client: Client, stacks: Any) -> Client:
    return lambda service: stacks if service == "cloudformation" else client(service)


def test_without_such_a_group_there_is_nothing_to_do(client: Client) -> None:
    assert found(client, "retune", TEMPLATE) == ()


def test_every_log_group_of_the_template_is_looked_for_whatever_its_condition(client: Client) -> None:
    for name in ("/retune/retune", "/retune/retune/build"):
        client("logs").create_log_group(logGroupName=name)

    assert sorted(found(client, "retune", TEMPLATE)) == ["/retune/retune", "/retune/retune/build"]


def test_what_a_function_left_is_removed_and_a_second_call_finds_nothing(client: Client) -> None:
    client("logs").create_log_group(logGroupName="/retune/retune")

    for _ in range(2):
        remove(client, "retune", TEMPLATE)

    assert groups(client) == []


def test_groups_whose_names_only_begin_like_the_stacks_stay(client: Client) -> None:
    names = ["/retune/retune-2", "/retune/retune/build/old", "/retune/retune2"]
    for name in names:
        client("logs").create_log_group(logGroupName=name)

    remove(client, "retune", TEMPLATE)

    assert found(client, "retune", TEMPLATE) == ()
    assert sorted(groups(client)) == names


def test_a_group_with_a_retention_time_stays_and_is_refused(client: Client) -> None:
    client("logs").create_log_group(logGroupName="/retune/retune")
    client("logs").put_retention_policy(logGroupName="/retune/retune", retentionInDays=30)

    remove(client, "retune", TEMPLATE)

    assert groups(client) == ["/retune/retune"]
    with pytest.raises(LogGroupTaken, match="aws logs delete-log-group --log-group-name /retune/retune"):
        found(client, "retune", TEMPLATE)


def test_a_group_with_a_key_stays(client: Client) -> None:
    client("logs").create_log_group(logGroupName="/retune/retune", kmsKeyId="arn:aws:kms:us-east-1:1:key/1")

    remove(client, "retune", TEMPLATE)

    assert groups(client) == ["/retune/retune"]


def test_a_group_of_an_existing_stack_stays_and_is_refused(client: Client) -> None:
    client("logs").create_log_group(logGroupName="/retune/retune")
    asked = with_stacks(client, Stacks("/retune/retune"))

    remove(asked, "retune", TEMPLATE)

    assert groups(client) == ["/retune/retune"]
    with pytest.raises(LogGroupTaken, match="belongs to the stack other"):
        found(asked, "retune", TEMPLATE)


def test_a_group_of_a_deleted_stack_is_no_stacks(client: Client) -> None:
    client("logs").create_log_group(logGroupName="/retune/retune")
    asked = with_stacks(client, Stacks("/retune/retune", "DELETE_COMPLETE"))

    assert found(asked, "retune", TEMPLATE) == ("/retune/retune",)


@pytest.mark.parametrize(
    ("status", "left"), [(None, []), ("ROLLBACK_COMPLETE", []), ("CREATE_COMPLETE", ["/retune/x"])]
)
def test_a_group_in_the_way_is_removed_before_a_creation_only(
    client: Client, status: str | None, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SHORTEST_PAUSE_S", 0.0)
    client("logs").create_log_group(logGroupName="/retune/x")
    logs = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": "/retune/${AWS::StackName}"}}}
    cloudformation = FakeCloudFormation(status)

    apply(WatchedStack(with_stacks(client, cloudformation), "x"), {"Resources": {"Logs": logs}}, {})

    assert groups(client) == left
    assert cloudformation.status == ("UPDATE_COMPLETE" if left else "CREATE_COMPLETE")
