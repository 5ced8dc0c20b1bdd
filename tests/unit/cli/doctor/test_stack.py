"""What the doctor says of a stack and its parts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from cli.deploy.stack_state import StackState, Way, state_of
from cli.doctor import _for_that_target
from cli.doctor.delivery import bucket_events, dead_letters, subscriptions
from cli.doctor.finding import Finding
from cli.doctor.lambdas import lambdas
from cli.doctor.stack import stack
from cli.doctor.table import lines
from cli.doctor.training_role import training_role
from cli.target.parts import Part
from tests.support.doctor_world import Account, Here, Service, refusal, stack_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


ENUM = boto3.client("cloudformation", region_name="us-east-1").meta.service_model.shape_for("StackStatus").enum
DEAD_ENDS = [status for status in ENUM if StackState("retune", status, "arn:retune", {}, {}).words]


def in_status(status: str) -> Account:
    described = {"Stacks": [{"StackName": "retune", "StackStatus": status, "StackId": "arn:retune"}]}
    quotas = Service(list_service_quotas={"Quotas": []})
    return Account(cloudformation=Service(describe_stacks=described), service_quotas=quotas)


@pytest.mark.parametrize(
    ("status", "ok", "command"),
    [
        ("ROLLBACK_COMPLETE", False, "./retune deploy"),
        ("CREATE_FAILED", False, "./retune deploy"),
        ("UPDATE_ROLLBACK_FAILED", False, "./retune deploy"),
        ("REVIEW_IN_PROGRESS", False, "./retune destroy"),
        ("DELETE_FAILED", False, "./retune destroy"),
        ("UPDATE_IN_PROGRESS", None, ""),
    ],
)
def test_a_stack_that_is_not_whole_is_said_with_what_mends_it(status: str, ok: bool | None, command: str) -> None:
    found, quota = stack(in_status(status))

    assert (found.name, found.ok) == ("stack", ok)
    assert status in found.what and command in found.command
    assert quota.name.startswith("quota")


def test_where_only_cloudformation_itself_leads_out_its_own_command_is_said() -> None:
    found, _ = stack(in_status("UPDATE_FAILED"))

    assert (found.ok, found.command) == (False, "")
    assert "aws cloudformation rollback-stack --stack-name retune" in found.fix


@pytest.mark.parametrize("status", DEAD_ENDS)
def test_deploy_is_advised_only_where_deploy_goes_on(status: str) -> None:
    found, *_ = stack(in_status(status))

    way = state_of(in_status(status).client("cloudformation"), "retune").way
    assert (found.command == "./retune deploy") == (way is not Way.STUCK)


def test_a_stack_that_is_not_there_is_said_and_the_quotas_are_looked_at_all_the_same() -> None:
    absent = refusal("ValidationError", "Stack with id retune does not exist")
    quotas = Service(list_service_quotas={"Quotas": []})

    found, quota = stack(Account(cloudformation=Service(describe_stacks=absent), service_quotas=quotas))

    assert (found.ok, found.command) == (False, "./retune deploy")
    assert quota.name.startswith("quota")


@pytest.mark.parametrize(
    ("told", "ok"), [({"EventBridgeConfiguration": {}}, True), ({"TopicConfigurations": []}, False)]
)
def test_a_bucket_that_is_silent_is_a_fault(told: dict[str, Any], ok: bool) -> None:
    account = Account(s3=Service(get_bucket_notification_configuration=told))

    assert [found.ok for found in bucket_events(account, stack_of(account))] == [ok]


def queue(arn: str, waiting: int = 0, **more: str) -> dict[str, Any]:
    counts = {"ApproximateNumberOfMessages": str(waiting), "ApproximateNumberOfMessagesNotVisible": "0"}
    return {"Attributes": {"QueueArn": arn, **counts, **more}}


def test_dead_letters_are_counted_and_only_a_queues_own_can_be_moved_back() -> None:
    queues = {
        "uploads": queue("arn:uploads", 5, RedrivePolicy=json.dumps({"deadLetterTargetArn": "arn:uploads-dlq"})),
        "uploads-dlq": queue("arn:uploads-dlq", 2),
        "events-dlq": queue("arn:events-dlq", 1),
        "other-dlq": queue("arn:other-dlq"),
    }
    names = {"Uploads": "uploads", "UploadsDlq": "uploads-dlq", "EventsDlq": "events-dlq", "OtherDlq": "other-dlq"}
    parts = tuple(Part(name, "AWS::SQS::Queue", id_) for name, id_ in names.items())
    account = Account(sqs=Service(get_queue_attributes=lambda **asked: queues[asked["QueueUrl"]]))

    uploads, events, other = dead_letters(account, parts)

    assert (uploads.ok, uploads.what) == (False, "2 messages that nobody could handle")
    assert uploads.command == "aws sqs start-message-move-task --source-arn arn:uploads-dlq"
    assert (events.ok, events.command) == (False, "")
    assert (other.ok, other.what) == (True, "empty")


def told_to(*subscriptions_: tuple[str, str]) -> Service:
    listed = [{"Protocol": "email", "Endpoint": who, "SubscriptionArn": arn} for who, arn in subscriptions_]
    return Service(list_subscriptions_by_topic={"Subscriptions": listed})


def test_a_mail_address_that_was_not_confirmed_is_a_fault() -> None:
    account = Account(sns=told_to(("a@b.org", "PendingConfirmation"), ("c@d.org", "arn:1"), ("e@f.org", "Deleted")))

    pending, confirmed = subscriptions(account, stack_of(account))

    assert pending.ok is False and "confirm the mail sent to a@b.org" in pending.fix
    assert confirmed.ok is True and "c@d.org" in confirmed.what


def test_a_topic_that_nobody_hears_is_a_warning_on_aws_and_usual_here() -> None:
    account, here = Account(sns=told_to()), Here(sns=told_to())

    [found] = subscriptions(account, stack_of(account))

    assert found.is_warning and "./retune deploy --email" in found.command
    assert [one.is_warning for one in subscriptions(here, stack_of(here))] == [False]


def role(service: str, denied: str = "", gone: bool = False) -> Account:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    found = {"Role": {"RoleName": "training", "AssumeRolePolicyDocument": {"Statement": [statement]}}}

    def simulate(PolicySourceArn: str, ActionNames: list[str], ResourceArns: list[str]) -> dict[str, Any]:  # noqa: N803
        assert ResourceArns[0].startswith("arn:aws:") and "*" not in ResourceArns[0]
        decision = "implicitDeny" if ActionNames == [denied] else "allowed"
        return {"EvaluationResults": [{"EvalDecision": decision}]}

    get_role = refusal("NoSuchEntity") if gone else found
    return Account(iam=Service(get_role=get_role, simulate_principal_policy=simulate))


def test_a_training_role_that_can_do_its_work_is_well() -> None:
    account = role("sagemaker.amazonaws.com")

    assert [found.ok for found in training_role(account, stack_of(account))] == [True]


@pytest.mark.parametrize(
    ("account", "what"),
    [
        (role("sagemaker.amazonaws.com", denied="s3:PutObject"), "may not s3:PutObject"),
        (role("lambda.amazonaws.com"), "does not trust sagemaker.amazonaws.com"),
        (role("sagemaker.amazonaws.com", gone=True), "is gone"),
    ],
)
def test_a_training_role_that_cannot_is_a_fault(account: Account, what: str) -> None:
    [found] = training_role(account, stack_of(account))

    assert found.ok is False and what in found.what
    assert found.command == "./retune deploy"


def measured(errors: float, sweeps: float, created: datetime) -> Account:
    def sums(MetricName: str, StartTime: datetime, EndTime: datetime, Period: int, **_: Any) -> Any:  # noqa: N803
        assert (EndTime - StartTime).total_seconds() == Period and Period % 60 == 0  # CloudWatch's rule
        return {"Datapoints": [{"Sum": {"Errors": errors, "Invocations": sweeps}[MetricName]}]}

    described = {"Stacks": [{"CreationTime": created}]}
    cloudformation = Service(describe_stacks=described)
    return Account(cloudwatch=Service(get_metric_statistics=sums), cloudformation=cloudformation)


@pytest.mark.parametrize(
    ("errors", "sweeps", "age_h", "verdicts"),
    [(0, 3, 9, [True, True]), (2, 3, 9, [False, True]), (0, 0, 9, [True, False]), (0, 0, 0, [True, None])],
)
def test_errors_of_a_day_and_a_sweep_that_does_not_run_are_faults(
    errors: float, sweeps: float, age_h: int, verdicts: list[bool | None]
) -> None:
    account = measured(errors, sweeps, NOW - timedelta(hours=age_h))
    parts = (Part("Sweep", "AWS::Lambda::Function", "retune-Sweep-1"),)

    assert [found.ok for found in lambdas(account, stack_of(account), parts, lambda: NOW)] == verdicts


def test_nothing_but_a_command_is_wider_than_the_terminal() -> None:
    long = "word " * 40
    command = "aws " + "--option value " * 10
    shown = list(lines([Finding("short", True, long), Finding("a longer name", False, long, long, command)], 80))

    assert max(len(line) for line in shown if command not in line.plain) <= 80
    assert any(line.plain.endswith(command) for line in shown)
    assert shown[0].plain.startswith("✓  short          word")


def test_a_command_of_ours_names_the_real_aws_where_that_is_meant() -> None:
    ill, other = Finding("a", False, "", command="./retune deploy"), Finding("b", False, "", command="aws s3 ls")

    assert _for_that_target(ill, Account()).command == "./retune deploy --aws"
    assert _for_that_target(ill, Here()).command == "./retune deploy"
    assert _for_that_target(other, Account()).command == "aws s3 ls"
