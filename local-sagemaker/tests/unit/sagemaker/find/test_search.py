"""Search and GetSearchSuggestions over training jobs, tuning jobs and model packages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import ARN, FAILS, SLEEPS, World, a_world

PACKAGE = {
    "ModelPackageGroupName": "prices",
    "ModelPackageVersion": 3,
    "ModelPackageArn": f"{ARN}:model-package/prices/3",
    "CreationTime": datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    "ModelPackageStatus": "Completed",
    "ModelApprovalStatus": "Approved",
}
CHANNEL = "InputDataConfig.DataSource.S3DataSource.S3Uri"


def where(name: str, operator: str | None = None, value: str | None = None) -> dict[str, str]:
    """A filter."""
    given = {"Name": name, "Operator": operator, "Value": value}
    return {member: text for member, text in given.items() if text is not None}


@dataclass(frozen=True)
class Searched:
    """A world with the training jobs `one`, `two`, `three`, `bad`, and a tuning job whose only one is `tuned`."""

    world: World
    tuning: str

    def answer(self, *filters: dict[str, str], resource: str = "TrainingJob", **request: Any) -> Any:
        if filters:
            request["SearchExpression"] = {"Filters": list(filters), **request.pop("expression", {})}
        return self.world.call("Search", Resource=resource, **{"MaxResults": 100, **request})

    def names(self, *filters: dict[str, str], **request: Any) -> list[str]:
        """The names of the training jobs found, in their order."""
        found = self.answer(*filters, **request)["Results"]
        return [self.short(one["TrainingJob"]["TrainingJobName"]) for one in found]

    def short(self, name: str) -> str:
        return "tuned" if name.startswith(self.tuning) else name

    def refusal(self, *filters: dict[str, str], **request: Any) -> str:
        """The message of the ValidationException."""
        with pytest.raises(ServiceError) as refused:
            self.answer(*filters, **request)
        assert refused.value.code == "ValidationException"
        return refused.value.message


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    """Job `one` has the hyperparameter rate 0.5 and the metric 1; `two` 1.5 and 2; `three` the words `a.b` and no
    metric; `bad` has no hyperparameter of that name, and fails."""
    with a_world(None, tmp_path_factory.mktemp("world"), packages=lambda: [PACKAGE]) as world:
        jobs: dict[str, tuple[str, dict[str, Any]]] = {
            "one": ("say('mse=1')", {"HyperParameters": {"rate": "0.5"}, "Tags": [{"Key": "team", "Value": "a"}]}),
            "two": ("say('mse=2')", {"HyperParameters": {"rate": "1.5"}, "EnableManagedSpotTraining": False}),
            "three": ("say('-')", {"HyperParameters": {"rate": "a.b"}, "Tags": [{"Key": "team", "Value": "b"}]}),
            "bad": (FAILS, {"HyperParameters": {"x": "1"}, "EnableManagedSpotTraining": True}),
        }
        for name, (body, more) in jobs.items():
            if name == "bad":
                more["StoppingCondition"] = {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 120}
            world.trained(world.train(body, name=name, **more))
        tuning = world.tune("say('mse=7')", jobs=1)
        world.tuned(tuning)
        yield Searched(world, tuning)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (where("TrainingJobName", "Equals", "one"), {"one"}),
        (where("TrainingJobName", value="one"), {"one"}),
        (where("TrainingJobName", "NotEquals", "one"), {"two", "three", "bad", "tuned"}),
        (where("TrainingJobName", "Contains", "o"), {"one", "two"}),
        (where("TrainingJobName", "In", "two,bad,none"), {"two", "bad"}),
        (where("TrainingJobStatus", "Equals", "Failed"), {"bad"}),
        (where("FailureReason", "Exists"), {"bad"}),
        (where("FailureReason", "NotExists"), {"one", "two", "three", "tuned"}),
        (where("TuningJobArn", "Exists"), {"tuned"}),
        (where("EnableManagedSpotTraining", "Equals", "true"), {"bad"}),
        (where("ResourceConfig.VolumeSizeInGB", "GreaterThan", "4.5"), {"one", "two", "three", "bad", "tuned"}),
        (where("ResourceConfig.VolumeSizeInGB", "LessThan", "5"), set()),
        (where("Metrics.mse", "GreaterThan", "1"), {"two", "tuned"}),
        (where("Metrics.mse", "GreaterThanOrEqualTo", "1"), {"one", "two", "tuned"}),
        (where("Metrics.mse", "LessThan", "2"), {"one"}),
        (where("Metrics.mse", "LessThanOrEqualTo", "2"), {"one", "two"}),
        (where("Metrics.mse", "Equals", "7.0"), {"tuned"}),
        (where("Metrics.mse", "NotExists"), {"three", "bad"}),
        (where("Metrics.other", "Exists"), set()),
        (where("HyperParameters.rate", "Exists"), {"one", "two", "three"}),
        (where("HyperParameters.rate", "LessThan", "0.75"), {"one"}),
        (where("HyperParameters.rate", "GreaterThan", "0.75"), {"two"}),
        (where("HyperParameters.rate", "GreaterThan", "1.0"), {"two"}),
        (where("HyperParameters.rate", "GreaterThan", "1"), set()),
        (where("HyperParameters.rate", "Equals", "0.50"), {"one"}),
        (where("HyperParameters.rate", "Equals", "a.b"), {"three"}),
        (where("Tags.team", "Equals", "a"), {"one"}),
        (where("Tags.team", "Exists"), {"one", "three"}),
        (where("CreationTime", "GreaterThan", "2020-01-01T00:00:00"), {"one", "two", "three", "bad", "tuned"}),
        (where("CreationTime", "LessThan", "2020-01-01T00:00:00"), set()),
        (where("SecondaryStatusTransitions.Status", "Equals", "Failed"), {"bad"}),
    ],
)
def test_a_filter_finds_the_training_jobs_that_satisfy_it(
    searched: Searched, given: dict[str, str], found: set[str]
) -> None:
    assert set(searched.names(given)) == found


def test_without_an_expression_all_are_found(searched: Searched) -> None:
    answer = searched.answer()

    assert len(answer["Results"]) == 5
    assert answer["TotalHits"] == {"Value": 5, "Relation": "EqualTo"}


@pytest.mark.parametrize(("operator", "found"), [("And", {"one"}), ("Or", {"one", "two", "three"})])
def test_filters_are_combined_by_the_operator(searched: Searched, operator: str, found: set[str]) -> None:
    filters = where("Tags.team", "Exists"), where("Metrics.mse", "LessThanOrEqualTo", "2")

    assert set(searched.names(*filters, expression={"Operator": operator})) == found


def test_filters_must_all_be_satisfied_unless_requested_otherwise(searched: Searched) -> None:
    assert searched.names(where("Tags.team", "Exists"), where("Metrics.mse", "LessThan", "2")) == ["one"]


def test_subexpressions_are_parts_of_an_expression(searched: Searched) -> None:
    either = {"Filters": [where("TrainingJobName", "Equals", name) for name in ("one", "bad")], "Operator": "Or"}
    failed = {"Filters": [where("TrainingJobStatus", "Equals", "Failed")]}

    assert searched.names(SearchExpression={"SubExpressions": [either, failed]}) == ["bad"]


@pytest.mark.parametrize(("status", "message", "is_found"), [("Failed", "Starting", False), ("Starting", "", True)])
def test_nested_filters_must_be_satisfied_by_one_object(
    searched: Searched, status: str, message: str, is_found: bool
) -> None:
    """A job that failed has been Starting, but no transition is both."""
    prefix = "SecondaryStatusTransitions"
    filters = [where(f"{prefix}.Status", value=status)]
    filters += [where(f"{prefix}.Status", value=message)] if message else []
    nested = {"NestedPropertyName": prefix, "Filters": filters}

    found = searched.names(SearchExpression={"NestedFilters": [nested]})

    assert bool(found) == is_found


def test_the_latest_changes_come_first_unless_requested_otherwise(searched: Searched) -> None:
    times = [one["TrainingJob"]["LastModifiedTime"] for one in searched.answer()["Results"]]

    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("by", "order", "first"),
    [
        ("TrainingJobName", "Ascending", ["bad", "one"]),
        ("Metrics.mse", "Ascending", ["one", "two", "tuned"]),
        ("Metrics.mse", "Descending", ["tuned", "two", "one"]),
        ("HyperParameters.rate", "Ascending", ["one", "two", "three"]),
    ],
)
def test_results_are_sorted_as_requested_with_those_without_a_value_last(
    searched: Searched, by: str, order: str, first: list[str]
) -> None:
    found = searched.names(SortBy=by, SortOrder=order)

    assert found[: len(first)] == first and len(found) == 5


@pytest.mark.parametrize("by", ["TrainingJobName", "Metrics.mse", "HyperParameters.rate", "CreationTime"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_pages_together_have_every_result_once(searched: Searched, by: str, order: str, size: int) -> None:
    asked = {"SortBy": by, "SortOrder": order}

    pages = [searched.answer(MaxResults=size, **asked)]
    while len(pages) < 10 and (token := pages[-1].get("NextToken")):
        pages.append(searched.answer(MaxResults=size, NextToken=token, **asked))

    names = [searched.short(one["TrainingJob"]["TrainingJobName"]) for page in pages for one in page["Results"]]
    assert names == searched.names(**asked)
    assert {page["TotalHits"]["Value"] for page in pages} == {5}


def test_a_deletion_between_two_pages_skips_no_result(tmp_path: Path) -> None:
    with a_world(None, tmp_path) as world:
        for name in ("a", "b", "c"):
            world.trained(world.train("say('mse=1')", name=name))
        asked = {"Resource": "TrainingJob", "SortBy": "TrainingJobName", "SortOrder": "Ascending", "MaxResults": 1}
        first = world.call("Search", **asked)

        world.call("DeleteTrainingJob", TrainingJobName="a")

        second = world.call("Search", **asked, NextToken=first["NextToken"])
        assert [one["TrainingJob"]["TrainingJobName"] for one in second["Results"]] == ["b"]


@pytest.mark.parametrize("token", ["rubbish!", "W10=", "MTI=", "W1siYSJdLCAxLCAxXQ=="])
def test_a_token_that_came_from_no_page_is_refused(searched: Searched, token: str) -> None:
    assert "NextToken" in searched.refusal(NextToken=token)


def test_a_token_of_another_search_is_refused(searched: Searched) -> None:
    token = searched.answer(MaxResults=1)["NextToken"]

    assert "another search" in searched.refusal(NextToken=token, SortOrder="Ascending")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (where("Nonsense", value="1"), "Unknown property name: Nonsense"),
        (where("TrainingJobName.x", value="1"), "Unknown property name"),
        (where("TrainingJobName.", value="1"), "Unknown property name"),
        (where("Metrics.", value="1"), "Unknown property name"),
        (where("TrainingJobName", "GreaterThan", "a"), "not supported for the text property"),
        (where("EnableManagedSpotTraining", "LessThan", "true"), "not supported for the Boolean property"),
        (where("Metrics.mse", "Contains", "1"), "not supported for the numeric property"),
        (where("CreationTime", "In", "2020-01-01T00:00:00"), "not supported for the timestamp property"),
        (where("ResourceConfig", "Equals", "x"), "not supported for the object property"),
        (where("Metrics.mse", "GreaterThan", "high"), "is not an integer or a floating-point decimal"),
        (where("Metrics.mse", "GreaterThan", "nan"), "is not an integer or a floating-point decimal"),
        (where("Metrics.mse", "GreaterThan", "1_0"), "is not an integer or a floating-point decimal"),
        (where("HyperParameters.rate", "GreaterThan", "high"), "is not an integer or a floating-point decimal"),
        (where("CreationTime", "GreaterThan", "yesterday"), "YYYY-mm-dd'T'HH:MM:SS"),
        (where("EnableManagedSpotTraining", value="yes"), "is not true or false"),
        (where("TrainingJobName", "Equals"), "needs a Value"),
        (where("TrainingJobName"), "needs a Value"),
        (where("TrainingJobName", "Like", "x"), "Member must satisfy enum value set"),
    ],
)
def test_a_filter_that_does_not_fit_its_property_is_refused(
    searched: Searched, given: dict[str, str], message: str
) -> None:
    assert message in searched.refusal(given)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({}, "at least one subexpression, filter, or nested filter"),
        ({"SubExpressions": [{}]}, "at least one subexpression, filter, or nested filter"),
        ({"Filters": [where("TrainingJobName", value="a")] * 21}, "less than or equal to 20"),
        (
            {
                "Filters": [where("TrainingJobName", value="a")] * 15,
                "SubExpressions": [{"Filters": [where("TrainingJobName", value="a")]}] * 6,
            },
            "up to 20 elements, not 21",
        ),
        ({"SubExpressions": [{"Filters": [where("TrainingJobName", value="a")] * 20}] * 3}, "at most 50"),
        (
            {"Filters": [where("TrainingJobName", "Contains", "a")] * 2},
            "'CONTAINS' operator usage limit of 1 exceeded.",
        ),
        (
            {
                "NestedFilters": [
                    {"NestedPropertyName": "InputDataConfig", "Filters": [where("ChannelName", value="a")]}
                ]
            },
            "Unknown property name: ChannelName",
        ),
        (
            {"NestedFilters": [{"NestedPropertyName": "TrainingJobName", "Filters": [where("x", value="a")]}]},
            "holds no objects",
        ),
    ],
)
def test_an_expression_beyond_the_documented_limits_is_refused(
    searched: Searched, expression: dict[str, Any], message: str
) -> None:
    assert message in searched.refusal(SearchExpression=expression)


def test_an_expression_nested_too_deeply_is_refused(searched: Searched) -> None:
    text = '{"SubExpressions": [' * 300 + '{"Filters": [{"Name": "TrainingJobName", "Value": "a"}]}' + "]}" * 300

    with pytest.raises(ServiceError, match="nested too deeply"):
        searched.answer(SearchExpression=json.loads(text))


@pytest.mark.parametrize("by", ["Nonsense", "InputDataConfig"])
def test_results_cannot_be_sorted_by_what_has_no_value(searched: Searched, by: str) -> None:
    assert by in searched.refusal(SortBy=by)


def test_a_tag_of_another_value_hides_a_result_and_a_missing_one_does_not(searched: Searched) -> None:
    found = searched.names(VisibilityConditions=[{"Key": "Tags.team", "Value": "a"}])

    assert set(found) == {"one", "two", "bad", "tuned"}


def test_visibility_is_by_tags_only(searched: Searched) -> None:
    assert "Tags.<key>" in searched.refusal(VisibilityConditions=[{"Key": "TrainingJobName", "Value": "a"}])


@pytest.mark.parametrize(("option", "number"), [("SameAccount", 5), ("CrossAccount", 0)])
def test_no_other_account_shares_resources(searched: Searched, option: str, number: int) -> None:
    assert searched.answer(CrossAccountFilterOption=option)["TotalHits"]["Value"] == number


def test_a_result_has_the_members_of_its_description_and_its_tags(searched: Searched) -> None:
    """API_TrainingJob has no ProfilingStatus, which DescribeTrainingJob returns."""
    (found,) = searched.answer(where("TrainingJobName", value="one"))["Results"]

    described = {name: value for name, value in searched.world.training("one").items() if name != "ProfilingStatus"}
    assert found["TrainingJob"] == {**described, "Tags": [{"Key": "team", "Value": "a"}]}


def test_tuning_jobs_are_found_by_their_properties(searched: Searched) -> None:
    strategy = where("HyperParameterTuningJobConfig.Strategy", value="Random")

    (found,) = searched.answer(strategy, resource="HyperParameterTuningJob")["Results"]

    assert found["HyperParameterTuningJob"]["HyperParameterTuningJobName"] == searched.tuning
    assert found["HyperParameterTuningJob"]["ObjectiveStatusCounters"] == {"Succeeded": 1, "Pending": 0, "Failed": 0}


def test_a_tuning_job_has_no_metrics_to_search_by(searched: Searched) -> None:
    message = searched.refusal(where("Metrics.mse", "Exists"), resource="HyperParameterTuningJob")

    assert message == "Unknown property name: Metrics.mse"


def test_model_packages_are_found_in_the_registry(searched: Searched) -> None:
    filters = where("ModelApprovalStatus", value="Approved"), where("CreationTime", "LessThan", "2026-01-02T00:00:01")

    (found,) = searched.answer(*filters, resource="ModelPackage")["Results"]

    assert found["ModelPackage"]["ModelPackageArn"] == PACKAGE["ModelPackageArn"]
    assert found["ModelPackage"]["CreationTime"] == datetime(2026, 1, 2, tzinfo=UTC).timestamp()


def test_a_resource_that_is_not_here_is_refused_by_name(searched: Searched) -> None:
    assert "Experiment" in searched.refusal(resource="Experiment")


def test_a_resource_that_no_search_knows_is_refused_as_aws_does(searched: Searched) -> None:
    assert "Member must satisfy enum value set" in searched.refusal(resource="TransformJob")


def test_a_job_that_runs_is_found(tmp_path: Path) -> None:
    with a_world(None, tmp_path) as world:
        name = world.train(SLEEPS)
        world.awake(1)

        (found,) = world.call(
            "Search",
            Resource="TrainingJob",
            SearchExpression={"Filters": [where("TrainingJobStatus", value="InProgress")]},
        )["Results"]

        assert found["TrainingJob"]["TrainingJobName"] == name


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        ("HyperParameters.r", ["HyperParameters.rate"]),
        ("Metrics", ["Metrics.mse"]),
        ("Tags.", ["Tags.Key", "Tags.Value", "Tags.team"]),
        ("TrainingJobA", ["TrainingJobArn"]),
        ("ResourceConfig.Volume", ["ResourceConfig.VolumeKmsKeyId", "ResourceConfig.VolumeSizeInGB"]),
        ("nothing", []),
    ],
)
def test_property_names_are_suggested_by_their_beginning(searched: Searched, hint: str, found: list[str]) -> None:
    query = {"PropertyNameQuery": {"PropertyNameHint": hint}}

    answer = searched.world.call("GetSearchSuggestions", Resource="TrainingJob", SuggestionQuery=query)

    assert [one["PropertyName"] for one in answer["PropertyNameSuggestions"]] == found
