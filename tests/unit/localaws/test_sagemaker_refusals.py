"""What SageMaker refuses across the members of a request, with its name for it and, where known, in its words."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws.sagemaker.errors import ServiceError
from tests.unit.localaws.account import eventually
from tests.unit.localaws.sagemaker_world import ARN, SLEEPS, World, a_world

CONFIG, DEFINITION = "HyperParameterTuningJobConfig", "TrainingJobDefinition"
LIMITS = (CONFIG, "ResourceLimits")
GONE = object()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(None, tmp_path) as world:
        yield world


def changed(request: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The request with one member replaced, or without it."""
    request = copy.deepcopy(request)
    inner = request
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    if value is GONE:
        del inner[path[-1]]
    return request


def refusal(world: World, operation: str, **request: Any) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        world.call(operation, **request)
    assert refused.value.http_status == 400
    return refused.value.code, refused.value.message


def ranges(kind: str, low: str, high: str, scaling: str = "Auto") -> dict[str, Any]:
    return {f"{kind}ParameterRanges": [{"Name": "x", "MinValue": low, "MaxValue": high, "ScalingType": scaling}]}


def values(*sizes: int) -> dict[str, Any]:
    found = [{"Name": f"c{i}", "Values": [str(v) for v in range(size)]} for i, size in enumerate(sizes)]
    return {"CategoricalParameterRanges": found}


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ((DEFINITION,), GONE, "either TrainingJobDefinition or TrainingJobDefinitions"),
        ((CONFIG, "HyperParameterTuningJobObjective"), GONE, "HyperParameterTuningJobObjective is required"),
        ((DEFINITION, "AlgorithmSpecification", "TrainingImage"), GONE, "wants AlgorithmSpecification.TrainingImage"),
        (("Autotune",), {"Mode": "Enabled"}, "does not do Autotune"),
        ((CONFIG, "Strategy"), "Hyperband", "Hyperband needs MaxResource"),
        (
            (CONFIG, "HyperParameterTuningJobObjective", "MetricName"),
            "rmse",
            "A metric is required for this hyperparameter tuning job objective. "
            "Provide a metric in the metric definitions.",
        ),
        ((CONFIG, "ParameterRanges"), {}, "from 1 to 30 hyperparameter ranges, not 0"),
        ((CONFIG, "ParameterRanges"), values(*[2] * 30) | ranges("Integer", "1", "2"), "1 to 30 .* not 31"),
        ((DEFINITION, "StaticHyperParameters"), {"x": "1"}, r"more than once: \['x'\]"),
        ((DEFINITION, "StaticHyperParameters"), {f"s{i}": "1" for i in range(99)}, "There are 101 hyperparameters"),
        ((CONFIG, "ParameterRanges"), ranges("Integer", "1", "2.5"), "range of x is not made of numbers"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "a", "1"), "range of x is not made of numbers"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "0", "inf"), "range of x is not finite"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "nan", "1"), "range of x is not finite"),
        ((CONFIG, "ParameterRanges"), ranges("Integer", "3", "3"), "MinValue must be less than MaxValue .* x"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "2", "1"), "MinValue must be less than MaxValue .* x"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "0", "1", "Logarithmic"), "greater than 0 .* x"),
        ((CONFIG, "ParameterRanges"), ranges("Integer", "0", "9", "Logarithmic"), "greater than 0 .* x"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "0", "1", "ReverseLogarithmic"), r"within \[0, 1\): x"),
        ((CONFIG, "ParameterRanges"), ranges("Continuous", "-1", "0", "ReverseLogarithmic"), r"within \[0, 1\): x"),
        ((CONFIG, "ParameterRanges"), ranges("Integer", "0", "9", "ReverseLogarithmic"), r"within \[0, 1\): x"),
        ((CONFIG, "Strategy"), "Grid", "Grid strategy supports categorical parameters only"),
        ((*LIMITS, "MaxNumberOfTrainingJobs"), GONE, "MaxNumberOfTrainingJobs is required"),
        ((*LIMITS, "MaxParallelTrainingJobs"), 4, "MaxParallelTrainingJobs must be at most MaxNumberOfTrainingJobs"),
        (
            (CONFIG, "ParameterRanges"),
            values(2),
            r"You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter "
            r"combinations for the provided ranges \[2.0\] must be equal or greater than the value of MaxNumberOfJobs, "
            r"\[3\]. Provide additional ranges.",
        ),
        ((DEFINITION, "EnableManagedSpotTraining"), True, "at least MaxRuntimeInSeconds for managed spot training"),
        ((DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), 90, "for managed spot training only"),
    ],
)
def test_a_tuning_job_that_breaks_a_rule_is_refused(world: World, path: tuple[str, ...], value: Any, text: str) -> None:
    request = changed(world.tuning_request(jobs=3), path, value)

    with pytest.raises(ServiceError, match=text) as refused:
        world.call("CreateHyperParameterTuningJob", **request)

    assert refused.value.code == "ValidationException"
    assert world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []


@pytest.mark.parametrize(("jobs", "is_refused"), [(5, True), (6, False), (7, True), (GONE, False)])
def test_a_grid_has_as_many_jobs_as_combinations(world: World, jobs: Any, is_refused: bool) -> None:
    request = world.tuning_request("say('mse=1')", Strategy="Grid", ParameterRanges=values(3, 2))
    request = changed(request, (*LIMITS, "MaxNumberOfTrainingJobs"), jobs)

    if is_refused:
        assert "the grid's 6 combinations" in refusal(world, "CreateHyperParameterTuningJob", **request)[1]
    else:
        world.call("CreateHyperParameterTuningJob", **request)
        assert world.tuned(request["HyperParameterTuningJobName"])["TrainingJobStatusCounters"]["Completed"] == 3 * 2


@pytest.mark.parametrize(
    ("strategy", "jobs", "parallel", "limit"),
    [("Bayesian", 751, 1, 750), ("Random", 10_001, 1, 10_000), ("Random", 20, 11, 10)],
)
def test_more_jobs_than_the_default_quotas_are_refused(
    world: World, strategy: str, jobs: int, parallel: int, limit: int
) -> None:
    code, text = refusal(
        world, "CreateHyperParameterTuningJob", **world.tuning_request("", jobs, parallel, Strategy=strategy)
    )

    assert code == "ResourceLimitExceeded"
    assert text.startswith("The account-level service limit 'Maximum number of ") and f"' is {limit} Jobs" in text


def test_a_raised_quota_lets_more_jobs_run_in_parallel(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"parallel_training_jobs": 12}) as world:
        name = world.tune(SLEEPS, jobs=12, parallel=12)

        eventually(lambda: len(world.training_jobs(name)) == 12)


def test_tuning_jobs_beyond_the_quota_are_refused_until_one_has_ended(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"tuning_jobs": 1}) as world:
        first = world.tune(SLEEPS)
        request = world.tuning_request()

        code, text = refusal(world, "CreateHyperParameterTuningJob", **request)

        assert code == "ResourceLimitExceeded"
        assert "is 1 Jobs, with current utilization of 1 Jobs and a request delta of 1 Jobs." in text
        world.call("StopHyperParameterTuningJob", HyperParameterTuningJobName=first)
        world.tuned(first)
        world.call("CreateHyperParameterTuningJob", **request)


def test_a_name_is_taken_for_ever_in_either_case(world: World) -> None:
    request = world.tuning_request(jobs=1)
    world.call("CreateHyperParameterTuningJob", **request)
    world.tuned(request["HyperParameterTuningJobName"])
    name = request["HyperParameterTuningJobName"].upper()

    refused = refusal(world, "CreateHyperParameterTuningJob", **{**request, "HyperParameterTuningJobName": name})

    words = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    assert refused == ("ResourceInUse", words)
    training = world.train()
    assert refusal(world, "CreateTrainingJob", TrainingJobName=training, **world.definition())[0] == "ResourceInUse"


def test_what_is_not_there_is_not_found(world: World) -> None:
    words = "Amazon SageMaker can't find a tuning job called none. Type another name."
    for operation in (
        "DescribeHyperParameterTuningJob",
        "StopHyperParameterTuningJob",
        "ListTrainingJobsForHyperParameterTuningJob",
    ):
        assert refusal(world, operation, HyperParameterTuningJobName="none") == ("ResourceNotFound", words)
    for operation in ("DescribeTrainingJob", "StopTrainingJob"):
        found = refusal(world, operation, TrainingJobName="none")
        assert found == ("ValidationException", "Requested resource not found.")
    assert refusal(world, "ListTags", ResourceArn=f"{ARN}:training-job/none")[0] == "ValidationException"
