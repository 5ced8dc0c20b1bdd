"""What the roles may under each switch of the stack: a network, a key, a boundary."""

import json
from typing import Any

import pytest

from tests.support.infra.stack_variants import ACCOUNT, KEY, NETWORK, VARIANTS, stack, statements

INLINE_BYTES = 10_240
"""IAM: the characters of all inline policies of a role, white space not counted."""
LONG_ID = "arn:aws:sqs:us-gov-northwest-1:123456789012:"
BUYER = "OnUploadRole"


def roles(template: dict[str, Any], variant: str) -> dict[str, dict[str, Any]]:
    resources = stack(template, variant)
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::IAM::Role"}


def allowed(template: dict[str, Any], variant: str, role: str) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for name, one in statements(stack(template, variant)) if name == role}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_policies_of_each_role_are_as_short_as_iam_wants_them(plain: dict[str, Any], variant: str) -> None:
    for name, role in roles(plain, variant).items():
        written = json.dumps(role["Policies"][0]["PolicyDocument"], separators=(",", ":"))
        # A reference gets at most as long as a queue's ARN, whose name has 80 characters at most.
        longest = written.replace('{"Fn::GetAtt":["', LONG_ID + 80 * "x").replace('{"Ref":"', LONG_ID + 80 * "x")
        assert len(longest) < INLINE_BYTES, name


def test_every_role_is_within_the_boundary_if_there_is_one(plain: dict[str, Any]) -> None:
    bounds = {role.get("PermissionsBoundary") for role in roles(plain, "everything").values()}

    assert bounds == {f"arn:aws:iam::{ACCOUNT}:policy/bounds"}
    assert all("PermissionsBoundary" not in role for role in roles(plain, "nothing said").values())


def test_every_role_trusts_one_service_for_this_account_only(plain: dict[str, Any]) -> None:
    """Lambda's guide allows both keys in an execution role's trust; it does not say that every call of Lambda's own
    carries the ARN, so that one is asked for only where it is there."""
    for name, role in roles(plain, "build from GitHub").items():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        (service,) = trust["Principal"].values()
        like = trust["Condition"]["ArnLikeIfExists" if service == "lambda.amazonaws.com" else "ArnLike"]

        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}, name
        assert like["aws:SourceArn"].startswith(f"arn:aws:{service.split('.')[0]}:us-east-1:{ACCOUNT}:"), name


def test_in_a_network_no_tuning_job_is_created_outside_it(plain: dict[str, Any]) -> None:
    condition = allowed(plain, "network", BUYER)["CreateTuningJob"]["Condition"]

    within = condition["ForAllValues:StringEquals"]
    assert within["sagemaker:VpcSubnets"] == NETWORK["SubnetIds"].split(",")
    assert within["sagemaker:VpcSecurityGroupIds"] == NETWORK["SecurityGroupIds"].split(",")
    # "All of none" is true: that there are any must be said too.
    assert {name for name, absent in condition["Null"].items() if absent == "false"} == set(within)


def test_with_a_key_no_tuning_job_is_created_under_another(plain: dict[str, Any]) -> None:
    condition = allowed(plain, "customer key", BUYER)["CreateTuningJob"]["Condition"]

    assert condition["ArnEquals"] == {"sagemaker:OutputKmsKey": KEY}
    # An instance with disks of its own takes no volume key.
    assert condition["ArnEqualsIfExists"] == {"sagemaker:VolumeKmsKey": KEY}


def test_without_network_and_key_the_conditions_say_nothing_of_them(plain: dict[str, Any]) -> None:
    condition = allowed(plain, "nothing said", BUYER)["CreateTuningJob"]["Condition"]

    assert set(condition["ForAllValues:StringEquals"]) == set(condition["Null"]) == {"sagemaker:InstanceTypes"}
    assert "Kms" not in json.dumps(condition)


def test_training_jobs_handle_network_interfaces_in_a_network_only(plain: dict[str, Any]) -> None:
    outside, inside = (allowed(plain, variant, "TrainingRole") for variant in ("nothing said", "network"))

    assert "ec2:" not in json.dumps(outside)
    ours = f"arn:aws:ec2:us-east-1:{ACCOUNT}"
    assert inside["KeepNetworkInterfaces"]["Resource"] == f"{ours}:network-interface/*"
    assert inside["PutThemIntoSubnets"]["Condition"] == {
        "StringEquals": {"ec2:SubnetID": NETWORK["SubnetIds"].split(",")}
    }
    assert inside["PutThemIntoSecurityGroups"]["Condition"] == {
        "StringEquals": {"ec2:SecurityGroupID": NETWORK["SecurityGroupIds"].split(",")}
    }


def test_without_a_key_no_role_may_use_any(plain: dict[str, Any]) -> None:
    assert "kms:" not in json.dumps(list(statements(stack(plain, "nothing said"))))


def test_with_a_key_every_role_that_handles_data_may_use_that_one(plain: dict[str, Any]) -> None:
    all_statements = statements(stack(plain, "customer key"))
    using = {(role, one["Resource"]) for role, one in all_statements if "kms:" in " ".join(one["Action"])}

    assert using == {(role, KEY) for role in roles(plain, "customer key")}


def test_the_key_is_lent_to_aws_itself_only(plain: dict[str, Any]) -> None:
    lending = [one for _, one in statements(stack(plain, "customer key")) if "kms:CreateGrant" in one["Action"]]

    assert [one["Condition"] for one in lending] == [{"Bool": {"kms:GrantIsForAWSResource": "true"}}]
