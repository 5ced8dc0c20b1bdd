"""What each role may do: no more than it needs. The policies are read from the stack as CloudFormation gets it."""

from collections.abc import Iterator
from typing import Any

WHOLE_ACCOUNT = {
    "sagemaker:ListHyperParameterTuningJobs": "listing knows no resource; it shows names and states only",
    "ecr:GetAuthorizationToken": "a registry login knows no resource",
    "cloudwatch:PutMetricData": "metrics know no resource; a condition holds it to SageMaker's namespace",
    "ec2:DescribeDhcpOptions": "EC2's descriptions know no resource; SageMaker reads them for a job in a VPC",
    "ec2:DescribeNetworkInterfaces": "as above",
    "ec2:DescribeSecurityGroups": "as above",
    "ec2:DescribeSubnets": "as above",
    "ec2:DescribeVpcs": "as above",
}
"""Actions for which AWS offers no resource, with the reason."""


def test_no_policy_allows_an_action_by_wildcard(plain: dict[str, Any]) -> None:
    actions = [action for _, statement in allowed(plain) for action in statement["Action"]]

    assert actions
    assert [action for action in actions if "*" in action] == []


def test_only_actions_that_know_no_resource_are_allowed_on_all(plain: dict[str, Any]) -> None:
    everywhere = [one["Action"] for _, one in allowed(plain) if one["Resource"] == "*"]

    assert {action for actions in everywhere for action in actions} == set(WHOLE_ACCOUNT)


def test_the_one_role_that_may_be_passed_is_passed_to_sagemaker_only(plain: dict[str, Any]) -> None:
    passing = [one for _, one in allowed(plain) if "iam:PassRole" in one["Action"]]

    assert len(passing) == 2
    for statement in passing:
        assert statement["Action"] == ["iam:PassRole"]
        assert statement["Resource"] == {"Fn::GetAtt": ["TrainingRole", "Arn"]}
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_tuning_jobs_are_created_under_our_prefix_and_within_the_ceilings_only(plain: dict[str, Any]) -> None:
    creating = [one for _, one in allowed(plain) if any("TuningJob" in a and ":Create" in a for a in one["Action"])]

    assert [one["Action"] for one in creating] == [["sagemaker:CreateHyperParameterTuningJob"]] * 2
    for statement in creating:
        assert statement["Resource"]["Fn::Sub"].endswith(":hyper-parameter-tuning-job/${Prefix}-*")
        asked = {key for keys in statement["Condition"].values() for key in keys}
        assert asked >= {f"sagemaker:{key}" for key in ("InstanceTypes", "MaxRuntimeInSeconds", "NetworkIsolation")}


def test_the_two_functions_that_reconcile_may_do_the_same_but_for_what_wakes_them(plain: dict[str, Any]) -> None:
    by_role = {role: {one["Sid"]: one for name, one in allowed(plain) if name == role} for role, _ in allowed(plain)}
    on_upload, on_tuning_ended = by_role["OnUploadRole"], by_role["OnTuningEndedRole"]

    taking, handing_over = on_upload.pop("TakeUploads"), on_tuning_ended.pop("HandOver")

    assert "sqs:ReceiveMessage" in taking["Action"]
    assert handing_over["Action"] == ["sqs:SendMessage"]
    assert on_upload == on_tuning_ended


def test_services_may_take_a_role_or_send_to_a_queue_for_this_account_only(plain: dict[str, Any]) -> None:
    trusting = [
        one
        for name in ("TrainingRole", "BuildRole")
        for one in plain["Resources"][name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    ]
    sending = [
        one
        for name in ("UploadsPolicy", "EventsDlqPolicy")
        for one in plain["Resources"][name]["Properties"]["PolicyDocument"]["Statement"]
        if one["Effect"] == "Allow"
    ]

    for statement in trusting + sending:
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert "aws:SourceArn" in statement["Condition"]["ArnLike"]


def allowed(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each allowing statement of each role, with the role's name; a statement under a condition counts too."""
    for name, resource in template["Resources"].items():
        for policy in resource["Properties"].get("Policies", ()) if resource["Type"] == "AWS::IAM::Role" else ():
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement["Fn::If"][1] if "Fn::If" in statement else statement
