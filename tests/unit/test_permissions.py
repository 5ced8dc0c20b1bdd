"""What each role may do: no more than it needs. The policies are read from the stack as CloudFormation gets it."""

from typing import Any

import pytest

from tests.unit.policy_checks import CHECKS
from tests.unit.policy_documents import statements


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_to_be_said_against_any_policy(plain: dict[str, Any], check: str) -> None:
    assert list(CHECKS[check](plain)) == []


def test_every_role_and_every_resource_with_a_policy_was_looked_at(plain: dict[str, Any]) -> None:
    looked_at = {one.resource for one in statements(plain)}

    assert looked_at == {name for name, one in plain["Resources"].items() if one["Type"].endswith(("Policy", "Role"))}


def test_the_two_functions_that_reconcile_may_do_the_same_but_for_what_wakes_them(plain: dict[str, Any]) -> None:
    by_sid = {
        role: {one.body["Sid"]: one.body for one in statements(plain, "role") if one.resource == role}
        for role in ("OnUploadRole", "OnTuningEndedRole")
    }
    on_upload, on_tuning_ended = by_sid.values()

    taking, handing_over = on_upload.pop("TakeUploads"), on_tuning_ended.pop("HandOver")

    assert "sqs:ReceiveMessage" in taking["Action"]
    assert handing_over["Action"] == ["sqs:SendMessage"]
    assert on_upload == on_tuning_ended
