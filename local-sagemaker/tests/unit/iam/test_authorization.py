"""Functions may do what their roles' policies allow, and are refused the rest in each service's words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker import AccessDecision, LocalSageMaker
from support.account import TRUST, Account, unique
from support.role_caller import Role, allow

ACCOUNT = "us-east-1:123456789012"
DECISIONS: list[AccessDecision] = []


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account whose functions are held to their roles' policies."""
    with LocalSageMaker(tmp_path_factory.mktemp("home"), on_decision=DECISIONS.append) as aws:
        yield Account(aws, [])


@pytest.fixture(scope="module")
def role(account: Account) -> Role:
    return Role(account)


def things(account: Account, name: str) -> None:
    account.s3.create_bucket(Bucket=name)
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
    types = [{"AttributeName": "pk", "AttributeType": "S"}]
    account.dynamodb.create_table(
        TableName=name, KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
    )
    account.sns.create_topic(Name=name)
    account.sqs.create_queue(QueueName=name)


def test_each_service_refuses_in_its_own_words_until_the_policy_allows_the_call(account: Account, role: Role) -> None:
    name = unique("thing")
    things(account, name)
    url = account.sqs.get_queue_url(QueueName=name)["QueueUrl"]
    topic = f"arn:aws:sns:{ACCOUNT}:{name}"
    calls: list[tuple[str, str, str, dict[str, Any], str, str]] = [
        ("s3", "put_object", "AccessDenied", {"Bucket": name, "Key": "k"}, "s3:PutObject", f'"arn:aws:s3:::{name}/k"'),
        ("s3", "list_objects_v2", "AccessDenied", {"Bucket": name}, "s3:ListBucket", f'"arn:aws:s3:::{name}"'),
        ("dynamodb", "scan", "AccessDeniedException", {"TableName": name}, "dynamodb:Scan",
         f"arn:aws:dynamodb:{ACCOUNT}:table/{name}"),
        ("sqs", "send_message", "AccessDenied", {"QueueUrl": url, "MessageBody": "m"}, "sqs:sendmessage",
         f"arn:aws:sqs:{ACCOUNT}:{name}"),
        ("sns", "publish", "AuthorizationError", {"TopicArn": topic, "Message": "m"}, "SNS:Publish", topic),
        ("sagemaker", "list_hyper_parameter_tuning_jobs", "AccessDeniedException", {},
         "sagemaker:ListHyperParameterTuningJobs", "*"),
    ]  # fmt: skip
    for service, method, code, arguments, action, resource in calls:
        role.may(allow("iam:GetUser"))
        why = f"because no identity-based policy allows the {action} action"
        words = f"User: {role.arn} is not authorized to perform: {action} on resource: {resource} {why}"
        assert role.refusal(service, method, **arguments) == [code, words]

        role.may(allow(action, resource.strip('"')))
        assert role.refusal(service, method, **arguments) is None


def test_a_head_is_refused_without_words(account: Account, role: Role) -> None:
    name = unique("bucket")
    account.s3.create_bucket(Bucket=name)
    role.may(allow("s3:GetObject"))

    assert role.refusal("s3", "head_bucket", Bucket=name) == ["403", "Forbidden"]


def test_a_deny_wins_and_says_so(account: Account, role: Role) -> None:
    name = unique("bucket")
    account.s3.create_bucket(Bucket=name)
    role.may(allow("s3:*"), {**allow("s3:Put*"), "Effect": "Deny"})

    refused = role.refusal("s3", "put_object", Bucket=name, Key="k")

    assert refused is not None and refused[1].endswith("with an explicit deny in an identity-based policy")


def test_what_is_not_there_is_only_known_to_who_may_list(account: Account, role: Role) -> None:
    name = unique("bucket")
    account.s3.create_bucket(Bucket=name)
    role.may(allow("s3:GetObject"))
    secret = role.refusal("s3", "get_object", Bucket=name, Key="k")
    role.may(allow("s3:GetObject"), allow("s3:ListBucket"))
    told = role.refusal("s3", "get_object", Bucket=name, Key="k")

    assert secret is not None and secret[0] == "AccessDenied" and "s3:ListBucket" in secret[1]
    assert told is not None and told[0] == "NoSuchKey"


def test_a_call_whose_permission_nobody_here_knows_is_refused_though_everything_is_allowed(role: Role) -> None:
    role.may(allow("*"))

    refused = role.refusal("iam", "list_users")

    assert refused is not None and refused[0] == "AccessDenied"
    assert "does not know which permission iam:ListUsers needs" in refused[1]


def test_a_person_is_held_to_nothing_and_each_judgement_is_told(account: Account, role: Role) -> None:
    name = unique("bucket")
    account.s3.create_bucket(Bucket=name)
    role.may(allow("s3:ListBucket"))
    before = len(DECISIONS)

    account.s3.list_objects_v2(Bucket=name)
    assert role.refusal("s3", "list_objects_v2", Bucket=name) is None

    told = [
        (one.session.arn, one.asked.action, one.decided) for one in DECISIONS[before:] if one.asked.action[:2] == "s3"
    ]
    assert told == [(role.arn, "s3:ListBucket", "allowed")]


def test_a_stacks_role_changes_with_its_template(account: Account) -> None:
    stack = unique("stack")
    account.cloudformation.create_stack(StackName=stack, TemplateBody=of_role("s3:GetObject"))
    name = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"][0]["PhysicalResourceId"]

    account.cloudformation.update_stack(StackName=stack, TemplateBody=of_role("s3:PutObject"))

    arn = account.iam.get_role(RoleName=name)["Role"]["Arn"]
    asked = account.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject", "s3:PutObject"])
    decided = [one["EvalDecision"] for one in asked["EvaluationResults"]]
    assert decided == ["implicitDeny", "allowed"]


def of_role(action: str) -> str:
    """The template has a statement that AWS::NoValue takes away."""
    nothing = {"Fn::If": ["Never", allow("*"), {"Ref": "AWS::NoValue"}]}
    document = {"Version": "2012-10-17", "Statement": [nothing, allow(action)]}
    policies = [{"PolicyName": "own", "PolicyDocument": document}]
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, "Policies": policies}}
    return json.dumps({"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}, "Resources": {"R": role}})
