"""The tags of jobs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws.sagemaker.errors import ServiceError
from tests.unit.localaws.sagemaker_world import ARN, World, a_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(None, tmp_path) as world:
        yield world


def as_list(**tags: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags(world: World, arn: str) -> Any:
    return world.call("ListTags", ResourceArn=arn)["Tags"]


@pytest.fixture(params=["training", "tuning"])
def arn(world: World, request: pytest.FixtureRequest) -> str:
    """A job with the tag team=a, which has ended."""
    if request.param == "training":
        return str(world.trained(world.train(Tags=as_list(team="a")))["TrainingJobArn"])
    asked = {**world.tuning_request(jobs=1), "Tags": as_list(team="a")}
    found = world.call("CreateHyperParameterTuningJob", **asked)
    world.tuned(asked["HyperParameterTuningJobName"])
    return str(found["HyperParameterTuningJobArn"])


def test_a_job_has_the_tags_of_its_request(world: World, arn: str) -> None:
    assert tags(world, arn) == as_list(team="a")


def test_added_tags_replace_those_of_the_same_key(world: World, arn: str) -> None:
    answer = world.call("AddTags", ResourceArn=arn, Tags=as_list(team="b", cost="ä 42"))

    assert answer["Tags"] == tags(world, arn) == as_list(team="b", cost="ä 42")


def test_deleted_tags_are_gone_and_the_others_stay(world: World, arn: str) -> None:
    world.call("AddTags", ResourceArn=arn, Tags=as_list(cost="42"))

    world.call("DeleteTags", ResourceArn=arn, TagKeys=["team", "never there"])

    assert tags(world, arn) == as_list(cost="42")


@pytest.mark.parametrize(
    ("operation", "more"),
    [("ListTags", {}), ("AddTags", {"Tags": as_list(a="b")}), ("DeleteTags", {"TagKeys": ["a"]})],
)
def test_the_tags_of_nothing_are_refused(world: World, operation: str, more: dict[str, Any]) -> None:
    with pytest.raises(ServiceError, match=f"Resource does not exist: {ARN}:training-job/none") as refused:
        world.call(operation, ResourceArn=f"{ARN}:training-job/none", **more)

    assert refused.value.code == "ValidationException"
