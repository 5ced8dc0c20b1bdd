"""Describe, List and tags of models, endpoint configs, endpoints and transform jobs; model packages."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.account import Account, eventually, unique
from support.hosting_world import VARIANT, HostingWorld, a_hosting_world
from support.sagemaker_world import ARN, ROLE

IMAGE = "nobody/knows:1"
PAGES = {
    "ListModels": ("Models", "ModelName"),
    "ListEndpointConfigs": ("EndpointConfigs", "EndpointConfigName"),
    "ListEndpoints": ("Endpoints", "EndpointName"),
    "ListTransformJobs": ("TransformJobSummaries", "TransformJobName"),
}


@pytest.fixture(scope="module")
def world(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostingWorld]:
    """One with three of everything, made in the order b, a, c."""
    with a_hosting_world(account.s3, tmp_path_factory.mktemp("world")) as world:
        for letter in "bac":
            _make_all(world, letter)
        yield world


def _make_all(world: HostingWorld, letter: str) -> None:
    world.call("CreateModel", ModelName=f"m-{letter}", PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE)
    variants = [{"VariantName": "v", "ModelName": f"m-{letter}", **VARIANT}]
    world.call("CreateEndpointConfig", EndpointConfigName=f"c-{letter}", ProductionVariants=variants)
    world.endpoint(f"c-{letter}", name=f"e-{letter}")
    world.in_state(f"e-{letter}", "Failed")
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}
    world.call(
        "CreateTransformJob",
        TransformJobName=f"t-{letter}",
        ModelName=f"m-{letter}",
        TransformInput={"DataSource": source},
        TransformOutput={"S3OutputPath": "s3://b/out"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    world.transform_ended(f"t-{letter}")


def names(world: HostingWorld, operation: str, **request: Any) -> list[str]:
    member, name = PAGES[operation]
    return [row[name].partition("-")[2] for row in world.call(operation, **request)[member]]


@pytest.mark.parametrize("operation", PAGES)
def test_the_newest_come_first_unless_asked_otherwise(world: HostingWorld, operation: str) -> None:
    assert names(world, operation) == ["c", "a", "b"]
    assert names(world, operation, SortBy="Name", SortOrder="Ascending") == ["a", "b", "c"]
    assert names(world, operation, NameContains="-A") == ["a"]


@pytest.mark.parametrize("operation", PAGES)
def test_pages_follow_each_other(world: HostingWorld, operation: str) -> None:
    first = world.call(operation, MaxResults=2)

    assert names(world, operation, MaxResults=2) == ["c", "a"]
    assert names(world, operation, MaxResults=2, NextToken=first["NextToken"]) == ["b"]


@pytest.mark.parametrize("operation", ["ListEndpoints", "ListTransformJobs"])
def test_rows_can_be_asked_for_by_their_status(world: HostingWorld, operation: str) -> None:
    assert names(world, operation, StatusEquals="Failed", SortBy="Status") != []
    assert names(world, operation, StatusEquals="Failed", SortBy="Name", SortOrder="Ascending") == ["a", "b", "c"]
    other = {"ListEndpoints": "InService", "ListTransformJobs": "Completed"}[operation]
    assert names(world, operation, StatusEquals=other) == []


def test_a_description_has_what_was_asked_for(world: HostingWorld) -> None:
    model = world.call("DescribeModel", ModelName="M-A")
    config = world.call("DescribeEndpointConfig", EndpointConfigName="c-a")

    assert (model["ModelName"], model["ModelArn"]) == ("m-a", f"{ARN}:model/m-a")
    assert model["PrimaryContainer"] == {"Image": IMAGE} and model["ExecutionRoleArn"] == ROLE
    [variant] = config["ProductionVariants"]
    assert variant == {"VariantName": "v", "ModelName": "m-a", **VARIANT, "InitialVariantWeight": 1.0}


@pytest.mark.parametrize(
    "arn", [f"{ARN}:{kind}" for kind in ("model/m-a", "endpoint-config/c-a", "endpoint/e-a", "transform-job/t-a")]
)
def test_everything_has_tags(world: HostingWorld, arn: str) -> None:
    world.call("AddTags", ResourceArn=arn, Tags=[{"Key": "team", "Value": "a"}, {"Key": "dataset", "Value": "iris"}])
    world.call("DeleteTags", ResourceArn=arn, TagKeys=["team"])

    assert world.call("ListTags", ResourceArn=arn)["Tags"] == [{"Key": "dataset", "Value": "iris"}]


def test_the_whole_way_goes_over_http_with_boto3(account: Account) -> None:
    name, sagemaker = unique("http"), account.sagemaker

    arn = sagemaker.create_model(
        ModelName=name, PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE, Tags=[{"Key": "a", "Value": "1"}]
    )["ModelArn"]
    variants = [{"VariantName": "v", "ModelName": name, **VARIANT}]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)

    eventually(lambda: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "Failed")
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    sagemaker.delete_model(ModelName=name)
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.describe_model(ModelName=name)


def test_an_approved_model_package_is_hosted_and_no_other(account: Account) -> None:
    sagemaker, group = account.sagemaker, unique("group")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    package = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification={
            "Containers": [{"Image": IMAGE}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        ModelApprovalStatus="PendingManualApproval",
    )["ModelPackageArn"]
    asked = {"PrimaryContainer": {"ModelPackageName": package}, "ExecutionRoleArn": ROLE}

    with pytest.raises(ClientError, match="only approved ones can be hosted"):
        sagemaker.create_model(ModelName=group, **asked)
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    sagemaker.create_model(ModelName=group, **asked)

    shown = sagemaker.describe_model(ModelName=group)["PrimaryContainer"]
    assert shown == {"ModelPackageName": package}
    variants = [{"VariantName": "v", "ModelName": group, **VARIANT}]
    sagemaker.create_endpoint_config(EndpointConfigName=group, ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName=group, EndpointConfigName=group)
    failed = eventually(lambda: sagemaker.describe_endpoint(EndpointName=group).get("FailureReason"))
    assert IMAGE in failed
