"""IAM's policy simulator, as the `sagemaker` SDK asks it about a role."""

import json

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.iam.policy import Permission, decision
from support.account import TRUST, Account, unique

ALLOW = {"Effect": "Allow", "Action": ["s3:Get*", "sagemaker:*"], "Resource": "arn:aws:s3:::mine/*"}


@pytest.mark.parametrize(
    ("statements", "decided"),
    [
        ([], "implicitDeny"),
        ([ALLOW], "allowed"),
        ([{**ALLOW, "Action": "s3:PutObject"}], "implicitDeny"),
        ([{**ALLOW, "Resource": "arn:aws:s3:::other/*"}], "implicitDeny"),
        ([{**ALLOW, "Action": "S3:getOBJECT"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], "implicitDeny"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::mine/*"}], "implicitDeny"),
        ([ALLOW, {**ALLOW, "Effect": "Deny"}], "explicitDeny"),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}], "implicitDeny"),
    ],
)
def test_a_deny_wins_and_what_nobody_allows_is_denied(statements: list[dict[str, object]], decided: str) -> None:
    assert decision(statements, Permission("s3:GetObject", "arn:aws:s3:::mine/a")) == decided


def test_a_role_is_judged_by_its_own_and_its_attached_policies(account: Account) -> None:
    iam, name = account.iam, unique("role")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy("s3:GetObject"))
    attached = iam.create_policy(PolicyName=unique("policy"), PolicyDocument=policy("s3:ListBucket"))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=attached)

    asked = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    )

    decided = {one["EvalActionName"]: one["EvalDecision"] for one in asked["EvaluationResults"]}
    assert decided == {"s3:GetObject": "allowed", "s3:ListBucket": "allowed", "s3:PutObject": "implicitDeny"}
    assert asked["IsTruncated"] is False


def test_a_role_of_a_template_is_judged_too(account: Account) -> None:
    name = unique("role")
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    only_elsewhere = {"Fn::If": ["Elsewhere", {**allowed, "Action": "*"}, {"Ref": "AWS::NoValue"}]}
    document = {"Version": "2012-10-17", "Statement": [only_elsewhere, allowed]}
    policies = [{"PolicyName": "own", "PolicyDocument": document}]
    properties = {"RoleName": name, "AssumeRolePolicyDocument": TRUST, "Policies": policies}
    template = {
        "Conditions": {"Elsewhere": {"Fn::Equals": ["here", "there"]}},
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}},
    }
    account.cloudformation.create_stack(StackName=unique("stack"), TemplateBody=json.dumps(template))
    arn = account.iam.get_role(RoleName=name)["Role"]["Arn"]

    asked = account.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject", "s3:PutObject"])

    assert [one["EvalDecision"] for one in asked["EvaluationResults"]] == ["allowed", "implicitDeny"]
    told = account.iam.get_role_policy(RoleName=name, PolicyName="own")["PolicyDocument"]
    assert told == {**document, "Statement": [allowed]}


def test_a_role_that_is_not_there_is_named(account: Account) -> None:
    with pytest.raises(ClientError, match="role/nobody") as refused:
        account.iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:role/nobody", ActionNames=["s3:GetObject"]
        )
    assert refused.value.response["Error"]["Code"] == "NoSuchEntity"


def policy(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})
