"""A stack created, updated and got out of every dead end, against a CloudFormation with a memory."""

import pytest

from cli.deploy import progress as watching
from cli.deploy.apply import NotDeployed, apply, at_rest, quietly
from cli.deploy.stack_state import WatchedStack, Way, state_of
from tests.support.deploy.fake_cloudformation import FakeCloudFormation

TEMPLATE = {"Parameters": {"Size": {"Type": "Number", "Default": 1}}, "Resources": {}}
FAILED = [
    ("Role", "AWS::IAM::Role", "CREATE_FAILED", "the first reason"),
    ("Queue", "AWS::SQS::Queue", "CREATE_FAILED", "Resource creation cancelled"),
]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two looks."""
    monkeypatch.setattr(watching, "SHORTEST_PAUSE_S", 0.0)


def test_a_stack_is_created_once_and_updated_afterwards() -> None:
    cloudformation = FakeCloudFormation()

    told = apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {"Size": "2"})
    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["create", "update"]
    assert cloudformation.parameters == {"Size": "2"}
    assert told == {"Bucket": "data"}


def test_nothing_to_update_is_no_fault() -> None:
    assert apply(
        WatchedStack(FakeCloudFormation("CREATE_COMPLETE", nothing_to_update=True), "retune"), TEMPLATE, {}
    ) == {"Bucket": "data"}


@pytest.mark.parametrize(
    ("status", "ends_as"),
    [
        ("CREATE_IN_PROGRESS", "CREATE_COMPLETE"),
        ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"),
    ],
)
def test_what_somebody_began_is_waited_for_and_then_updated(status: str, ends_as: str) -> None:
    cloudformation = FakeCloudFormation().in_progress(status, ends_as)

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["update"]
    assert cloudformation.status == "UPDATE_COMPLETE"


def test_a_deletion_that_is_under_way_is_waited_for_and_the_stack_made_again() -> None:
    cloudformation = FakeCloudFormation().in_progress("DELETE_IN_PROGRESS", "DELETE_COMPLETE")

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["create"]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_a_first_creation_that_failed_is_deleted_and_tried_again(status: str) -> None:
    cloudformation = FakeCloudFormation(status)

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["delete", "create"]


def test_a_creation_that_is_under_way_and_fails_is_deleted_and_tried_again() -> None:
    cloudformation = FakeCloudFormation().in_progress("CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE")

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["delete", "create"]


def test_a_rollback_that_failed_is_finished_first() -> None:
    cloudformation = FakeCloudFormation("UPDATE_ROLLBACK_FAILED")

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == ["continue", "update"]


def test_a_rollback_that_fails_again_is_told_and_not_tried_for_ever() -> None:
    cloudformation = FakeCloudFormation("UPDATE_ROLLBACK_FAILED")
    cloudformation.endings["continue"] = "UPDATE_ROLLBACK_FAILED"

    with pytest.raises(NotDeployed, match="UPDATE_ROLLBACK_FAILED"):
        at_rest(WatchedStack(cloudformation, "retune"), quietly)

    assert cloudformation.asked == ["continue"]


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        ("REVIEW_IN_PROGRESS", "Execute or delete that change set"),
        ("DELETE_FAILED", "./retune destroy"),
        ("UPDATE_FAILED", "rollback-stack --stack-name retune"),
    ],
)
def test_where_a_person_must_see_to_it_the_next_step_is_named_and_nothing_sent(status: str, fix: str) -> None:
    cloudformation = FakeCloudFormation(status)

    with pytest.raises(NotDeployed, match=fix):
        apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert cloudformation.asked == []


def test_a_failure_is_told_by_its_cause_not_by_what_was_cancelled_for_it() -> None:
    cloudformation = FakeCloudFormation(fails=FAILED)
    cloudformation.endings["create"] = "ROLLBACK_COMPLETE"

    with pytest.raises(NotDeployed, match=r"is ROLLBACK_COMPLETE: Role \(AWS::IAM::Role\): the first reason"):
        apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})


def test_a_failure_of_an_earlier_operation_is_not_told_again() -> None:
    cloudformation = FakeCloudFormation(fails=FAILED)
    cloudformation.endings["create"] = "ROLLBACK_COMPLETE"
    with pytest.raises(NotDeployed):
        apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})
    cloudformation.fails, cloudformation.endings["create"] = [], "CREATE_COMPLETE"

    apply(WatchedStack(cloudformation, "retune"), TEMPLATE, {})

    assert watching.look(cloudformation, "retune").cause == ""


def test_each_status_of_cloudformation_has_a_way() -> None:
    """The statuses of its API model; none may be waited for that does not end by itself."""
    ways = {status: state_of(FakeCloudFormation(status), "retune").way for status in _statuses()}

    waiting = {status for status, way in ways.items() if way is Way.WAIT}
    assert waiting == {status for status in ways if status.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}
    failed = {status for status in ways if status.endswith("_FAILED")} - {"IMPORT_ROLLBACK_FAILED"}
    assert all(ways[status] not in (Way.UPDATE, Way.CREATE) for status in failed)


def _statuses() -> list[str]:
    import boto3

    model = boto3.Session(region_name="us-east-1").client("cloudformation").meta.service_model
    every: list[str] = model.shape_for("StackStatus").enum
    return [status for status in every if status != "DELETE_COMPLETE"]
