"""The packaged stack made, changed and deleted by CloudFormation of the local AWS."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from cli.deploy.apply import apply
from cli.deploy.artifacts import Artifacts
from cli.deploy.bundle import Packaged
from cli.deploy.sam import transform
from cli.deploy.stack_state import WatchedStack
from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from tests.support.infra.stack_variants import VARIANTS, stack

STACK = "whole"
PARAMETERS = {"Prefix": STACK, "NotificationEmail": "somebody@example.com", **VARIANTS["build on push"]}
IN_NAME_ONLY = {
    "AWS::CodeBuild::Project": "moto builds nothing",
    "AWS::CloudWatch::Alarm": "moto's alarms watch nothing",
    "AWS::S3::BucketPolicy": "its only statement denies plain text, which is what this machine speaks",
}
"""What the local AWS gives a name and no more, with the reason."""
KEPT = {"Data", "DataPolicy", "Ledger", "Image"}
"""What outlives the stack."""


@dataclass
class Made:
    """The stack as it is now, by its resources' names in the template."""

    call: Any
    template: dict[str, Any]
    outputs: dict[str, str] = field(default_factory=dict)

    def apply(self, template: Mapping[str, Any], **parameters: str) -> None:
        self.outputs = apply(WatchedStack(self.call, STACK), template, PARAMETERS | parameters)

    @property
    def resources(self) -> dict[str, tuple[str, str]]:
        """(Type, physical id), as CloudFormation lists them."""
        pages = self.call("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
        found = (one for page in pages for one in page["StackResourceSummaries"] if "LogicalResourceId" in one)
        return {one["LogicalResourceId"]: (one["ResourceType"], one.get("PhysicalResourceId", "")) for one in found}


@pytest.fixture(scope="module")
def made(packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with LocalSageMaker(tmp_path_factory.mktemp("home")) as aws:
        call = partial(client, endpoint_url=aws.endpoint_url, region=aws.region)
        artifacts = Artifacts.of(call, STACK)
        artifacts.prepare()
        key = artifacts.put_package(packaged.zip_path)
        found = Made(call, transform(packaged.template, artifacts.bucket, key, aws.region))
        found.apply(found.template)
        yield found


def test_everything_is_made_but_what_the_local_aws_has_in_name_only(made: Made) -> None:
    wanted = {name: one["Type"] for name, one in stack(made.template, "build on push").items()} | {
        "Mail": "AWS::SNS::Subscription"
    }

    assert {name: kind for name, (kind, _) in made.resources.items()} == wanted
    assert {kind for kind in wanted.values() if not is_made(made, kind)} == set(IN_NAME_ONLY)


def is_made(made: Made, kind: str) -> bool:
    """Whether the service itself knows of all of that type, not only CloudFormation."""
    names = [name for of, name in made.resources.values() if of == kind]
    call = made.call

    def there(name: str) -> bool:
        match kind:
            case "AWS::CodeBuild::Project":
                return name in call("codebuild").list_projects()["projects"]
            case "AWS::CloudWatch::Alarm":
                return bool(call("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"])
            case "AWS::S3::BucketPolicy":
                return has_bucket_policy(call("s3"), made.outputs["Bucket"])
            case "AWS::S3::Bucket":
                return call("s3").head_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 200
            case "AWS::SQS::Queue":
                return "QueueArn" in attributes(made, name, "QueueArn")
            case "AWS::SQS::QueuePolicy":
                return all("Policy" in attributes(made, queue(made, one), "Policy") for one in ("Uploads", "EventsDlq"))
            case "AWS::SNS::Topic":
                return name in call("sns").get_topic_attributes(TopicArn=name)["Attributes"]["TopicArn"]
            case "AWS::SNS::TopicPolicy":
                policy = call("sns").get_topic_attributes(TopicArn=made.outputs["TopicArn"])["Attributes"]["Policy"]
                return "cloudwatch.amazonaws.com" in policy
            case "AWS::SNS::Subscription":
                found = call("sns").list_subscriptions_by_topic(TopicArn=made.outputs["TopicArn"])["Subscriptions"]
                return [one["Endpoint"] for one in found] == [PARAMETERS["NotificationEmail"]]
            case "AWS::DynamoDB::Table":
                return call("dynamodb").describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
            case "AWS::ECR::Repository":
                return bool(call("ecr").describe_repositories(repositoryNames=[name])["repositories"])
            case "AWS::IAM::Role":
                return bool(call("iam").list_role_policies(RoleName=name)["PolicyNames"])
            case "AWS::Logs::LogGroup":
                return bool(call("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"])
            case "AWS::Events::Rule":
                return bool(call("events").list_targets_by_rule(Rule=name)["Targets"])
            case "AWS::Lambda::Function":
                return call("lambda").get_function(FunctionName=name)["Configuration"]["State"] == "Active"
            case "AWS::Lambda::EventSourceMapping":
                return call("lambda").get_event_source_mapping(UUID=name)["State"] == "Enabled"
            case "AWS::Lambda::Permission" | "AWS::Lambda::EventInvokeConfig":
                return all(map(partial(is_attached, made, kind), ("OnTuningEnded", "OnBuildEnded", "Sweep")))
        raise AssertionError(f"nobody looks at a {kind}")

    return bool(names) and all(map(there, names))


def is_attached(made: Made, kind: str, function: str) -> bool:
    """Whether rules may call the function, or what it fails at is handed over."""
    name, call = made.resources[function][1], made.call("lambda")
    if kind == "AWS::Lambda::Permission":
        return "aws:SourceArn" in call.get_policy(FunctionName=name)["Policy"].replace("AWS:SourceArn", "aws:SourceArn")
    return "OnFailure" in call.get_function_event_invoke_config(FunctionName=name)["DestinationConfig"]


def has_bucket_policy(s3: Any, bucket: str) -> bool:
    try:
        return bool(s3.get_bucket_policy(Bucket=bucket))
    except s3.exceptions.ClientError:
        return False


def attributes(made: Made, url: str, name: str) -> Mapping[str, str]:
    found: Mapping[str, str] = made.call("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"]
    return found


def queue(made: Made, name: str) -> str:
    return made.resources[name][1]


def test_an_update_changes_what_it_says_and_keeps_the_rest(made: Made) -> None:
    before, kept = made.resources, dict(made.outputs)
    changed = json.loads(json.dumps(made.template))
    role = changed["Resources"]["SweepRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    role["Statement"] = [one for one in role["Statement"] if one.get("Sid") != "Tell"]

    made.apply(changed, SettleSeconds="7")

    function = made.call("lambda").get_function_configuration(FunctionName=before["Sweep"][1])
    assert str(function["Environment"]["Variables"]["RETUNE_SETTLE_S"]) == "7"
    assert "sns:Publish" not in policy_of(made, "SweepRole")
    assert "sns:Publish" in policy_of(made, "OnUploadRole")
    assert made.resources == before
    assert made.outputs == kept


def policy_of(made: Made, role: str) -> str:
    asked = {"RoleName": made.resources[role][1], "PolicyName": "own"}
    return json.dumps(made.call("iam").get_role_policy(**asked)["PolicyDocument"])


def test_a_deleted_stack_leaves_what_is_kept_and_nothing_else(made: Made) -> None:
    before, outputs = made.resources, made.outputs
    made.call("s3").put_object(Bucket=outputs["Bucket"], Key="datasets/a/train/b.csv", Body=b"x")

    made.call("cloudformation").delete_stack(StackName=STACK)

    found = set(left(made, before))
    assert found == {name for name in KEPT if before[name][0] not in IN_NAME_ONLY}
    assert {name for name, one in made.template["Resources"].items() if one.get("DeletionPolicy") == "Retain"} == KEPT
    assert made.call("s3").list_objects_v2(Bucket=outputs["Bucket"])["KeyCount"] == 1


def left(made: Made, before: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """The resources that their services still list."""
    call = made.call
    listed = {
        "AWS::S3::Bucket": [one["Name"] for one in call("s3").list_buckets()["Buckets"]],
        "AWS::SQS::Queue": call("sqs").list_queues().get("QueueUrls", []),
        "AWS::SNS::Topic": [one["TopicArn"] for one in call("sns").list_topics()["Topics"]],
        "AWS::DynamoDB::Table": call("dynamodb").list_tables()["TableNames"],
        "AWS::ECR::Repository": [one["repositoryName"] for one in call("ecr").describe_repositories()["repositories"]],
        "AWS::IAM::Role": [one["RoleName"] for one in call("iam").list_roles()["Roles"]],
        "AWS::Logs::LogGroup": [one["logGroupName"] for one in call("logs").describe_log_groups()["logGroups"]],
        "AWS::Events::Rule": [one["Name"] for one in call("events").list_rules()["Rules"]],
        "AWS::Lambda::Function": [one["FunctionName"] for one in call("lambda").list_functions()["Functions"]],
        "AWS::Lambda::EventSourceMapping": [
            one["UUID"] for one in call("lambda").list_event_source_mappings()["EventSourceMappings"]
        ],
    }
    return (name for name, (kind, physical) in before.items() if physical in listed.get(kind, ()))
