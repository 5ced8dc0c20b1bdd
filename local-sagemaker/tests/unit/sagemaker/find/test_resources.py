"""Search for endpoints, and for models with their endpoints and their last batch transform job."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker.clients import client
from support.account import Account, unique
from support.hosting_world import VARIANT, HostingWorld, a_hosting_world
from support.sagemaker_world import ROLE

IMAGE = "unknown/image:1"
"""No container of it starts: endpoints and transform jobs fail at once."""
TAGS = [{"Key": "team", "Value": "a"}]


@pytest.fixture(scope="module")
def world(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostingWorld]:
    """A model `served` with the endpoint `shop` and two transform jobs, and a model `unused`."""
    with a_hosting_world(account.s3, tmp_path_factory.mktemp("world")) as world:
        for name in ("served", "unused"):
            tags = TAGS if name == "served" else []
            container = {"Image": IMAGE}
            world.call("CreateModel", ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE, Tags=tags)
        config = world.config({"ModelName": "served", **VARIANT})
        world.call("CreateEndpoint", EndpointName="shop", EndpointConfigName=config, Tags=TAGS)
        world.in_state("shop", "Failed")
        for _ in range(2):
            world.transformed(ModelName="served")
        yield world


def found(world: HostingWorld, resource: str, name: str, value: str) -> list[Any]:
    """The records with that property."""
    expression = {"Filters": [{"Name": name, "Value": value}]}
    answer = world.call("Search", Resource=resource, SearchExpression=expression)
    return [one[resource] for one in answer["Results"]]


def test_an_endpoint_is_found_by_its_tag_and_status(world: HostingWorld) -> None:
    (by_tag,) = found(world, "Endpoint", "Tags.team", "a")
    (by_status,) = found(world, "Endpoint", "EndpointStatus", "Failed")

    assert by_tag == by_status
    assert (by_tag["EndpointName"], by_tag["Tags"]) == ("shop", TAGS)


def test_a_model_comes_with_its_endpoints_and_its_last_transform_job(world: HostingWorld) -> None:
    (row,) = found(world, "Model", "Model.ModelName", "served")

    jobs = world.call("ListTransformJobs", SortBy="CreationTime", SortOrder="Descending")["TransformJobSummaries"]
    assert [one["EndpointName"] for one in row["Endpoints"]] == ["shop"]
    assert row["LastBatchTransformJob"]["TransformJobName"] == jobs[0]["TransformJobName"]
    assert row["Model"]["Tags"] == TAGS


def test_a_model_that_nothing_uses_comes_alone(world: HostingWorld) -> None:
    (row,) = found(world, "Model", "Model.ModelName", "unused")

    assert row.keys() == {"Model"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("Tags.team", "a"), ("Endpoints.EndpointName", "shop"), ("LastBatchTransformJob.TransformJobStatus", "Failed")],
)
def test_a_model_is_found_by_what_belongs_to_it(world: HostingWorld, name: str, value: str) -> None:
    assert [row["Model"]["ModelName"] for row in found(world, "Model", name, value)] == ["served"]


def test_models_are_sorted_by_their_creation_the_newest_first(world: HostingWorld) -> None:
    answer = world.call("Search", Resource="Model")

    assert [one["Model"]["Model"]["ModelName"] for one in answer["Results"]] == ["unused", "served"]


def test_a_registered_model_package_is_found_by_its_group_and_the_tags_of_that(account: Account) -> None:
    sagemaker = client("sagemaker", account.aws.endpoint_url, account.aws.region)
    group = unique("models")
    sagemaker.create_model_package_group(ModelPackageGroupName=group, Tags=TAGS)
    arn = sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]
    filters = [{"Name": "ModelPackageGroupName", "Value": group}, {"Name": "Tags.team", "Value": "a"}]

    answer = sagemaker.search(Resource="ModelPackage", SearchExpression={"Filters": filters})

    (package,) = [one["ModelPackage"] for one in answer["Results"]]
    assert package["ModelPackageArn"] == arn
    assert package["CreationTime"] == sagemaker.describe_model_package(ModelPackageName=arn)["CreationTime"]
