"""Who may do what, before and after."""

from typing import Any

import pytest

from cli.deploy.permissions import Statement, permission_changes, statements, words


def role(*several: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"Policies": [{"PolicyName": "own", "PolicyDocument": {"Statement": list(several)}}], **more},
    }


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def test_only_statements_that_differ_are_told() -> None:
    before = {"R": role(allow("s3:GetObject", "a"), allow("s3:PutObject", "a"))}
    after = {"R": role(allow("s3:DeleteObject", "a"), allow("s3:GetObject", "a"))}

    changed = permission_changes(before, after)

    assert changed.added == (Statement("R", "Allow", ("s3:DeleteObject",), ("a",)),)
    assert changed.removed == (Statement("R", "Allow", ("s3:PutObject",), ("a",)),)


def test_another_order_is_no_change() -> None:
    before = {"R": role(allow(["s3:A", "s3:B"], ["x", "y"]), allow("s3:C", "z"))}
    after = {"R": role(allow("s3:C", ["z"]), allow(["s3:B", "s3:A"], ["y", "x"]))}

    changed = permission_changes(before, after)

    assert changed.added == changed.removed == ()


def test_a_condition_that_goes_is_seen() -> None:
    limited = allow("s3:A", "x", Condition={"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})

    changed = permission_changes({"R": role(limited)}, {"R": role(allow("s3:A", "x"))})

    assert [one.conditions for one in changed.removed] == [("aws:SourceAccount StringEquals AWS::AccountId",)]
    assert [one.conditions for one in changed.added] == [()]


def test_all_kinds_of_policies_are_read() -> None:
    trust = {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    }
    topic = {"Statement": [{"Effect": "Deny", "Principal": "*", "NotAction": "sns:Publish", "Resource": "*"}]}
    resources = {
        "R": role(AssumeRolePolicyDocument=trust, ManagedPolicyArns=["arn:x"], PermissionsBoundary="arn:y"),
        "T": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": topic}},
        "P": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "F"},
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]},
            },
        },
    }

    assert set(statements(resources)) == {
        Statement("R", "Allow", ("sts:AssumeRole",), (), ("lambda.amazonaws.com",)),
        Statement("R", "Allow", ("all of arn:x",)),
        Statement("R", "Limit", ("all of arn:y",)),
        Statement("T", "Deny", ("all but sns:Publish",), ("*",), ("anybody",)),
        Statement("F", "Allow", ("lambda:InvokeFunction",), (), ("events.amazonaws.com",), ("aws:SourceArn is Rule",)),
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"Fn::GetAtt": ["Data", "Arn"]}, "Data"),
        ({"Fn::GetAtt": "Data.Arn"}, "Data"),
        ({"Fn::Sub": "${Data.Arn}/tuning/*"}, "Data/tuning/*"),
        ({"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:x"}, "logs:log-group:x"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Data}/x"}, "s3:Data/x"),
        ({"Fn::Sub": ["arn:${AWS::Partition}:s3:::${Bucket}/x", {"Bucket": {"Ref": "Data"}}]}, "s3:Data/x"),
        ({"Fn::Join": ["", ["a", "b"]]}, '{"Fn::Join": ["", ["a", "b"]]}'),
    ],
)
def test_resources_read_as_a_person_says_them(written: Any, read: str) -> None:
    assert words(written) == read
