"""`./retune deploy` into a local AWS in which there is nothing yet."""

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.local.stacks import EmptyAccount, empty_account

ARTIFACTS = "retune-artifacts-123456789012-us-east-1"
Moment = Callable[[EmptyAccount, str], Any]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptyAccount]:
    with empty_account(tmp_path_factory.mktemp("deploy")) as there:
        yield there


def test_a_plan_changes_nothing_at_all(account: EmptyAccount) -> None:
    before = account.client("s3").list_buckets()["Buckets"]

    words = ("deploy", "--name", "planned", "--set", "Prefix=planned", "--plan")

    planned = account.cli(*words)
    as_json = account.cli(*words, "--json")

    assert planned.returncode == as_json.returncode == 0, planned.stderr + as_json.stderr
    assert "The stack planned would be created" in planned.stdout
    assert json.loads(as_json.stdout)["action"] == "create"
    assert max(map(len, planned.stdout.splitlines())) <= 80
    assert account.status("planned") is None
    assert account.client("s3").list_buckets()["Buckets"] == before


def test_without_a_terminal_and_without_yes_nothing_is_done(account: EmptyAccount) -> None:
    refused = account.cli("deploy", "--name", "refused", "--set", "Prefix=refused")

    assert refused.returncode == 2
    assert "deploy --yes" in refused.stderr
    assert account.status("refused") is None


def test_the_second_deployment_changes_nothing_and_one_parameter_is_all_that_the_third_changes(
    account: EmptyAccount,
) -> None:
    first = account.outputs("twice", "--set", "Prefix=twice", "--email", "me@example.org")
    events, packages = account.events("twice"), account.objects(ARTIFACTS)

    second = account.deploy("twice")
    assert "there is nothing to do" in second.stderr
    assert json.loads(second.stdout)["outputs"] == first
    assert (account.events("twice"), account.objects(ARTIFACTS)) == (events, packages)

    third = json.loads(account.cli("deploy", "--name", "twice", "--plan", "--json", "--set", "MaxJobs=7").stdout)
    assert third["parameters"] == [{"name": "MaxJobs", "before": "100", "after": "7"}]
    assert {one["what"] for one in third["resources"]} == {"changed"}
    assert account.outputs("twice", "--set", "MaxJobs=7") == first
    stack = account.client("cloudformation").describe_stacks(StackName="twice")["Stacks"][0]
    has = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    assert (has["MaxJobs"], has["Prefix"], has["NotificationEmail"]) == ("7", "twice", "me@example.org")


def plan_is_shown(account: EmptyAccount, _: str) -> bool:
    return "What it can cost" in (account.cli.state / "stderr.txt").read_text()


def package_is_put(account: EmptyAccount, stack: str) -> list[str]:
    return account.objects(ARTIFACTS, f"packages/{stack}/")


def stack_is_begun(account: EmptyAccount, stack: str) -> str | None:
    return account.status(stack)


@pytest.mark.parametrize(
    ("stack", "moment", "number"),
    [
        ("shown", plan_is_shown, signal.SIGINT),
        ("put", package_is_put, signal.SIGKILL),
        ("begun", stack_is_begun, signal.SIGINT),
        ("killed", stack_is_begun, signal.SIGKILL),
    ],
)
def test_whenever_a_deployment_is_broken_off_the_next_one_finishes_it(
    account: EmptyAccount, stack: str, moment: Moment, number: signal.Signals
) -> None:
    words = ("deploy", "--name", stack, "--set", f"Prefix={stack}", "--yes")

    code = account.interrupted(number, lambda: moment(account, stack), *words)
    assert code in ((0, 3) if number == signal.SIGINT else (0, -signal.SIGKILL))

    outputs = account.outputs(stack, "--set", f"Prefix={stack}")
    assert account.objects(ARTIFACTS, f"packages/{stack}/")
    assert account.client("s3").head_bucket(Bucket=outputs["Bucket"])
    assert "there is nothing to do" in account.deploy(stack).stderr


def test_a_bucket_that_was_there_keeps_all_its_notifications_and_gets_eventbridge(account: EmptyAccount) -> None:
    s3, bucket = account.client("s3"), "was-there"
    s3.create_bucket(Bucket=bucket)
    topic = account.client("sns").create_topic(Name="heard")["TopicArn"]
    url = account.client("sqs").create_queue(QueueName="heard")["QueueUrl"]
    queue = account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    others = {
        "TopicConfigurations": [{"Id": "t", "TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}],
        "QueueConfigurations": [{"Id": "q", "QueueArn": queue["QueueArn"], "Events": ["s3:ObjectRemoved:*"]}],
    }
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=others)
    words = ("--set", f"ExistingBucket={bucket}", "--set", "Prefix=there")

    planned = account.cli("deploy", "--name", "there", "--plan", *words)
    assert "queue heard (s3:ObjectRemoved:*) stays" in planned.stdout
    assert account.outputs("there", *words)["Bucket"] == bucket

    has = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert {name: has.get(name) for name in (*others, "EventBridgeConfiguration")} == {
        **others,
        "EventBridgeConfiguration": {},
    }
    assert "there is nothing to do" in account.deploy("there").stderr


def test_names_that_another_stack_has_are_refused_before_anything_is_sent(account: EmptyAccount) -> None:
    """An empty local account has a repository `retune-mars` from the start."""
    refused = account.cli("deploy", "--name", "clash", "--yes")

    assert refused.returncode == 1
    assert "say --set Prefix=" in refused.stderr
    assert account.status("clash") is None


def test_a_bucket_that_there_is_not_is_refused_before_anything_is_sent(account: EmptyAccount) -> None:
    refused = account.cli(
        "deploy", "--name", "nowhere", "--yes", "--set", "ExistingBucket=no-such-bucket", "--set", "Prefix=no"
    )

    assert refused.returncode == 1
    assert "There is no bucket no-such-bucket" in refused.stderr
    assert account.status("nowhere") is None
