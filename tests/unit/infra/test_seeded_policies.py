"""Faults put into the stack's policies on purpose: each is caught, and by the check that is meant for it alone."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.support.infra.policy_checks import CHECKS

Body = dict[str, Any]
JOBS = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:hyper-parameter-tuning-job/"


def role(sid: str, change: Callable[[Body], Any], name: str = "OnUploadRole") -> Callable[[Body], Any]:
    """Changes a statement of a role."""
    return lambda template: change(of(template["Resources"][name]["Properties"]["Policies"][0]["PolicyDocument"], sid))


def policy(name: str, sid: str, change: Callable[[Body], Any]) -> Callable[[Body], Any]:
    """Changes a statement of a queue's, topic's or bucket's policy."""
    return lambda template: change(of(template["Resources"][name]["Properties"]["PolicyDocument"], sid))


def of(document: Body, sid: str) -> Body:
    (found,) = (one for one in document["Statement"] if one.get("Sid") == sid)
    body: Body = found
    return body


def put(**values: Any) -> Callable[[Body], Any]:
    return lambda body: body.update(values)


def trust(change: Callable[[Body], Any], name: str = "TrainingRole") -> Callable[[Body], Any]:
    document = "AssumeRolePolicyDocument"
    return lambda template: change(template["Resources"][name]["Properties"][document]["Statement"][0])


def without_condition(key: str) -> Callable[[Body], Any]:
    return lambda body: [keys.pop(key, None) for keys in body["Condition"].values()]


def no_reason_left(template: Body) -> None:
    document = template["Resources"]["OnUploadRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    document["Statement"].remove(of(document, "CountOpenTuningJobs"))


def properties(name: str, change: Callable[[Body], Any]) -> Callable[[Body], Any]:
    return lambda template: change(template["Resources"][name]["Properties"])


FAULTS: dict[str, tuple[str, Callable[[Body], Any]]] = {
    "a star": ("wildcard_actions", role("ReadData", put(Action=["s3:*"]))),
    "a star at the end": ("wildcard_actions", role("ReadData", put(Action=["s3:Get*"]))),
    "all but": ("wildcard_actions", role("ReadData", lambda body: body.update(NotAction=body.pop("Action")))),
    "a star in a queue's policy": ("wildcard_actions", policy("UploadsPolicy", "TakeUploads", put(Action="sqs:*"))),
    "on everything": ("whole_account", role("ReadData", put(Resource="*"))),
    "on every bucket": ("whole_account", role("ReadData", put(Resource=[{"Fn::Sub": "arn:${AWS::Partition}:s3:::*"}]))),
    "a reason for nothing": ("whole_account", no_reason_left),
    "any role is passed": (
        "passed_roles",
        role("PassTrainingRole", put(Resource={"Fn::Sub": "arn:a:iam::1:role/x-*"})),
    ),
    "passed to anybody": ("passed_roles", role("PassTrainingRole", lambda body: body.pop("Condition"))),
    "passed to Lambda": (
        "passed_roles",
        role("PassTrainingRole", put(Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})),
    ),
    "off the prefix": ("bought_jobs", role("CreateTuningJob", put(Resource={"Fn::Sub": f"{JOBS}x*"}))),
    "with a network": ("bought_jobs", role("CreateTuningJob", without_condition("sagemaker:NetworkIsolation"))),
    "as long as it likes": ("bought_jobs", role("CreateTuningJob", without_condition("sagemaker:MaxRuntimeInSeconds"))),
    "no instance type": ("bought_jobs", role("CreateTuningJob", lambda body: body["Condition"].pop("Null"))),
    "training jobs too": ("bought_jobs", role("ReadTrainingJobs", put(Action=["sagemaker:CreateTrainingJob"]))),
    "a service for anybody": ("confused_deputies", trust(lambda body: body.pop("Condition"))),
    "a function's for anybody": (
        "confused_deputies",
        trust(without_condition("aws:SourceAccount"), name="SweepRole"),
    ),
    "a queue for any rule": (
        "confused_deputies",
        policy("UploadsPolicy", "TakeUploads", without_condition("aws:SourceArn")),
    ),
    "a topic for any account": (
        "confused_deputies",
        policy("NotificationsPolicy", "TakeAlarms", without_condition("aws:SourceAccount")),
    ),
    "a function for any rule": (
        "confused_deputies",
        properties("SweepSweepEventPermission", lambda body: body.pop("SourceArn")),
    ),
    "a queue for everybody": ("strangers", policy("UploadsPolicy", "TakeUploads", put(Principal="*"))),
    "a role for an account": ("strangers", trust(put(Principal={"AWS": "999999999999"}))),
    "a bucket in plain text": ("plain_text", policy("DataPolicy", "TlsOnly", put(Principal={"AWS": "999999999999"}))),
    "TLS is what is denied": (
        "plain_text",
        policy("UploadsPolicy", "TlsOnly", put(Condition={"Bool": {"aws:SecureTransport": "true"}})),
    ),
    "a queue without a policy": ("plain_text", lambda template: template["Resources"].pop("UploadsDlqPolicy")),
    "no bucket policy": ("plain_text", lambda template: template["Resources"].pop("DataPolicy")),
    "AWS's own policy": (
        "foreign_policies",
        properties("SweepRole", put(ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"])),
    ),
    "no boundary": ("foreign_policies", properties("SweepRole", lambda body: body.pop("PermissionsBoundary"))),
    "a policy apart": (
        "foreign_policies",
        lambda template: template["Resources"].update(More={"Type": "AWS::IAM::Policy", "Properties": {}}),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_caught_by_its_check_and_by_no_other(plain: dict[str, Any], fault: str) -> None:
    meant, seed = FAULTS[fault]
    faulty = deepcopy(plain)

    seed(faulty)

    assert {name for name, check in CHECKS.items() if list(check(faulty))} == {meant}


def test_every_check_catches_something() -> None:
    assert {meant for meant, _ in FAULTS.values()} == set(CHECKS)
