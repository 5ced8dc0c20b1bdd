"""CloudFormation's progress, as a table and as lines."""

import pytest

from cli.deploy import progress as watching
from cli.deploy.show.progress import picture, show
from tests.support.deploy.fake_cloudformation import STACK_ID, FakeCloudFormation
from tests.support.deploy.printed import printed


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> FakeCloudFormation:
    """Creating three resources, one of which fails."""
    monkeypatch.setattr(watching, "SHORTEST_PAUSE_S", 0.0)
    fake = FakeCloudFormation(
        fails=[
            ("Table", "AWS::DynamoDB::Table", "CREATE_IN_PROGRESS", ""),
            ("Role", "AWS::IAM::Role", "CREATE_IN_PROGRESS", ""),
            ("Table", "AWS::DynamoDB::Table", "CREATE_COMPLETE", ""),
            ("Queue", "AWS::SQS::Queue", "CREATE_FAILED", "Access denied"),
        ]
    )
    fake.create_stack()
    return fake


def test_the_table_has_failures_first_then_what_is_at_work_then_what_has_ended(
    cloudformation: FakeCloudFormation,
) -> None:
    shown = printed(picture(watching.look(cloudformation, STACK_ID), rows=10))

    title, *rows = [line.split() for line in shown.splitlines()]
    assert " ".join(title) == "retune: create in progress, 2 of 3 resources"
    assert [row[0] for row in rows] == ["Queue", "Role", "Table"]
    assert rows[2][-2:] == ["2", "s"]  # events are a second apart in this fake, and two lie between


def test_a_small_terminal_shows_what_matters_most(cloudformation: FakeCloudFormation) -> None:
    shown = printed(picture(watching.look(cloudformation, STACK_ID), rows=0))

    assert len(shown.splitlines()) == 1 + 3


def test_without_a_terminal_each_change_is_a_line_once(
    cloudformation: FakeCloudFormation, capsys: pytest.CaptureFixture[str]
) -> None:
    last = show(watching.following(cloudformation, STACK_ID, sleep=lambda _: None))

    assert last.state.status == "CREATE_COMPLETE"
    assert capsys.readouterr().err.splitlines() == [
        "Table  DynamoDB::Table  CREATE_COMPLETE",
        "Role  IAM::Role  CREATE_IN_PROGRESS",
        "Queue  SQS::Queue  CREATE_FAILED  Access denied",
        "retune  CREATE_IN_PROGRESS",
        "retune  CREATE_COMPLETE",
    ]
