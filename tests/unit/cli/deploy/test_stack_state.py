"""A stack's state as last seen: what was planned with it stays, until someone looks again."""

from cli.deploy.stack_state import WatchedStack, Way
from tests.support.deploy.fake_cloudformation import FakeCloudFormation


def test_the_state_is_the_one_last_seen_until_it_is_reloaded() -> None:
    cloudformation = FakeCloudFormation("CREATE_COMPLETE")
    stack = WatchedStack(cloudformation, "retune")
    cloudformation.status = "UPDATE_COMPLETE"

    assert stack.state.status == "UPDATE_COMPLETE", "the first use looks"
    cloudformation.status = "DELETE_IN_PROGRESS"

    assert stack.state.status == "UPDATE_COMPLETE"
    assert stack.reload().way is Way.WAIT
    assert stack.state.status == "DELETE_IN_PROGRESS"


def test_a_stack_is_new_where_none_is_or_where_its_first_creation_failed() -> None:
    def is_new(status: str | None) -> bool:
        return WatchedStack(FakeCloudFormation(status), "retune").state.is_new

    assert is_new(None) and is_new("DELETE_COMPLETE") and is_new("ROLLBACK_COMPLETE")
    assert not is_new("UPDATE_COMPLETE") and not is_new("CREATE_IN_PROGRESS") and not is_new("DELETE_FAILED")
