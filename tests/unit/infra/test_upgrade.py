"""The stack of the release before: an update replaces and removes nothing that holds data."""

import json
from typing import Any

import pytest

from cli.deploy.changes import Change, Replaced, changes
from cli.deploy.replacement import replacement_rules
from cli.deploy.template import resources_of
from tests.support.pipeline.release import RECORDED

RELEASES = ["0.1.0"]
PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::StackName": "retune",
}


@pytest.mark.parametrize("release", RELEASES)
def test_an_update_replaces_and_removes_nothing(release: str, plain: dict[str, Any]) -> None:
    before = resources_of(json.loads((RECORDED / release / "stack.json").read_text()), {}, PSEUDO)
    after = resources_of(plain, {}, PSEUDO)

    found = changes(before, after, replacement_rules({one["Type"] for one in after.values()}, "us-east-1"))

    assert len(before) > 20
    assert [change for change in found if loses(change)] == []


def loses(change: Change) -> bool:
    return change.what == "removed" or change.replaced is not Replaced.NO
