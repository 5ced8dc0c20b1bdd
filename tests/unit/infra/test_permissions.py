"""What each role may do: no more than it needs. The policies are read from the stack as CloudFormation gets it."""

from typing import Any

import pytest

from tests.support.infra.policy_checks import CHECKS
from tests.support.infra.policy_documents import statements


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_to_be_said_against_any_policy(plain: dict[str, Any], check: str) -> None:
    assert list(CHECKS[check](plain)) == []


def test_every_role_and_every_resource_with_a_policy_was_looked_at(plain: dict[str, Any]) -> None:
    looked_at = {one.resource for one in statements(plain)}

    assert looked_at == {name for name, one in plain["Resources"].items() if one["Type"].endswith(("Policy", "Role"))}


def test_the_end_of_a_tuning_job_may_only_read_it_and_write_down_what_it_came_to(plain: dict[str, Any]) -> None:
    allowed = {
        action
        for one in statements(plain, "role")
        if one.resource == "OnTuningEndedRole" and "Principal" not in one.body
        for action in one.body["Action"]
    }

    assert {action for action in allowed if action.startswith("sagemaker:")} == {
        "sagemaker:CreateModelPackage",
        "sagemaker:CreateModelPackageGroup",
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:ListTags",
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
    }
    assert "iam:PassRole" not in allowed
