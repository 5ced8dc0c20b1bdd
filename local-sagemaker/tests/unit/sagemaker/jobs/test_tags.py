"""The tags of jobs."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import ARN, World


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


def refused(world: World, operation: str, **request: Any) -> str:
    with pytest.raises(ServiceError) as refusal:
        world.call(operation, **request)
    assert refusal.value.code == "ValidationException"
    return refusal.value.message


def test_a_resource_has_at_most_fifty_tags_however_they_came(world: World, arn: str) -> None:
    fifty = [{"Key": f"k{number}", "Value": ""} for number in range(49)] + as_list(team="b")
    world.call("AddTags", ResourceArn=arn, Tags=fifty)

    message = refused(world, "AddTags", ResourceArn=arn, Tags=as_list(more="1"))

    assert message == f"The resource {arn} cannot have more than 50 tags."
    assert len(tags(world, arn)) == 50
    world.call("AddTags", ResourceArn=arn, Tags=as_list(k0="another value"))


@pytest.mark.parametrize("key", ["aws:owner", "AWS:owner"])
def test_keys_that_are_awss_own_are_refused(world: World, arn: str, key: str) -> None:
    words = f"aws: prefixed tag key names are not allowed for external use: {key}."

    assert refused(world, "AddTags", ResourceArn=arn, Tags=[{"Key": key, "Value": ""}]) == words
    assert refused(world, "DeleteTags", ResourceArn=arn, TagKeys=[key]) == words
    request = {**world.tuning_request(), "Tags": [{"Key": key, "Value": ""}]}
    assert refused(world, "CreateHyperParameterTuningJob", **request) == words


def test_the_same_key_twice_is_refused_and_changes_nothing(world: World, arn: str) -> None:
    twice = [*as_list(cost="1"), *as_list(cost="2")]

    assert "Duplicate tag keys found: ['cost']" in refused(world, "AddTags", ResourceArn=arn, Tags=twice)

    assert tags(world, arn) == as_list(team="a")


def test_all_tags_are_on_one_page(world: World, arn: str) -> None:
    answer = world.call("ListTags", ResourceArn=arn, MaxResults=50)

    assert answer == {"Tags": as_list(team="a")}
    assert "NextToken" in refused(world, "ListTags", ResourceArn=arn, NextToken="bm9uZQ==")


def test_tags_added_to_a_tuning_job_are_not_given_to_training_jobs_that_it_launched_before(world: World) -> None:
    asked = {**world.tuning_request(jobs=1), "Tags": as_list(team="a")}
    arn = world.call("CreateHyperParameterTuningJob", **asked)["HyperParameterTuningJobArn"]
    world.tuned(asked["HyperParameterTuningJobName"])

    world.call("AddTags", ResourceArn=arn, Tags=as_list(late="1"))

    (row,) = world.training_jobs(asked["HyperParameterTuningJobName"])
    assert tags(world, row["TrainingJobArn"]) == as_list(team="a")
