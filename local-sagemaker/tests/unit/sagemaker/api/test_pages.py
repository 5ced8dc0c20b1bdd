"""Pages of the List calls while jobs come and go, and what ListTrainingJobs has of its own."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import FAILS, World

LIST = "ListTrainingJobs"


def trained(world: World, *names: str, body: str = "say('mse=1')") -> None:
    for name in names:
        world.trained(world.train(body, name=name))


def names(page: Any) -> list[str]:
    return [row["TrainingJobName"] for row in page["TrainingJobSummaries"]]


@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_rows_that_come_and_go_between_two_pages_make_no_other_row_appear_twice_or_not_at_all(
    world: World, order: str
) -> None:
    trained(world, "b", "d", "f", "h")
    asked: dict[str, Any] = {"SortBy": "Name", "SortOrder": order, "MaxResults": 2}
    first = world.call(LIST, **asked)

    world.call("DeleteTrainingJob", TrainingJobName=names(first)[0])
    trained(world, "a", "e", "i")

    rest = world.call(LIST, **{**asked, "MaxResults": 100}, NextToken=first["NextToken"])
    expected = {"Ascending": (["b", "d"], ["e", "f", "h", "i"]), "Descending": (["h", "f"], ["e", "d", "b", "a"])}
    assert (names(first), names(rest)) == expected[order]
    assert "NextToken" not in rest


def test_a_page_can_go_on_after_its_last_row_was_deleted(world: World) -> None:
    trained(world, "a", "b", "c")
    first = world.call(LIST, SortBy="Name", MaxResults=1)

    world.call("DeleteTrainingJob", TrainingJobName="a")

    assert names(world.call(LIST, SortBy="Name", NextToken=first["NextToken"])) == ["b", "c"]


@pytest.mark.parametrize("changes", [{"SortOrder": "Descending"}, {"SortBy": "Status"}])
def test_a_token_is_for_the_order_that_it_came_from(world: World, changes: dict[str, str]) -> None:
    trained(world, "a", "b")
    token = world.call(LIST, SortBy="Name", MaxResults=1)["NextToken"]

    with pytest.raises(ServiceError, match="another listing or sort order") as refused:
        world.call(LIST, **{"SortBy": "Name", **changes}, NextToken=token)

    assert refused.value.code == "ValidationException"


def test_list_training_jobs_takes_max_results_before_it_looks_at_the_status(world: World) -> None:
    """Documented with ListTrainingJobs, and with no other call."""
    trained(world, "a", body=FAILS)
    trained(world, "b")
    trained(world, "c", body=FAILS)
    asked: dict[str, Any] = {"SortBy": "Name", "StatusEquals": "Failed"}

    pages = [world.call(LIST, **asked, MaxResults=2)]
    pages.append(world.call(LIST, **asked, MaxResults=2, NextToken=pages[0]["NextToken"]))

    assert [names(page) for page in pages] == [["a"], ["c"]]
    assert names(world.call(LIST, **asked)) == ["a", "c"]


@pytest.mark.parametrize(
    "filters",
    [
        {"WarmPoolStatusEquals": "Available"},
        {"TrainingPlanArnEquals": "arn:aws:sagemaker:us-east-1:123456789012:training-plan/p"},
    ],
)
def test_no_training_job_has_a_warm_pool_or_a_training_plan(world: World, filters: dict[str, str]) -> None:
    trained(world, "a")

    assert names(world.call(LIST, **filters)) == []
    assert names(world.call(LIST)) == ["a"]
