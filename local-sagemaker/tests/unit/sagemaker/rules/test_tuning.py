"""What SageMaker refuses across the members of a tuning job's request: each rule broken once, and its nearest good."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.rules import check_tuning_job
from support.accepted import (
    DEFINITION,
    FLEXIBLE,
    HYPERBAND,
    OBJECTIVE,
    RANGES,
    SEVERAL,
    TUNING_JOB,
    changed,
)
from support.sagemaker_world import World

CONFIG, ONE = "HyperParameterTuningJobConfig", "TrainingJobDefinition"
SPACE, LIMITS, STATIC = f"{CONFIG}.ParameterRanges", f"{CONFIG}.ResourceLimits", f"{ONE}.StaticHyperParameters"
RESOURCE = f"{CONFIG}.StrategyConfig.HyperbandStrategyConfig"
SEVERAL_ONE = "TrainingJobDefinitions.1"
FLEXIBLE_ONE = f"{ONE}.HyperParameterTuningResourceConfig"


def values(*sizes: int) -> dict[str, Any]:
    found = [{"Name": f"v{i}", "Values": [str(v) for v in range(size)]} for i, size in enumerate(sizes)]
    return {"CategoricalParameterRanges": found}


def bounds(kind: str, low: str, high: str, scaling: str = "Auto", name: str = "x") -> dict[str, Any]:
    return {f"{kind}ParameterRanges": [{"Name": name, "MinValue": low, "MaxValue": high, "ScalingType": scaling}]}


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (TUNING_JOB, {ONE: None}, "exactly one of TrainingJobDefinition and TrainingJobDefinitions"),
    (TUNING_JOB, {"TrainingJobDefinitions": [DEFINITION]}, "exactly one of TrainingJobDefinition and"),
    (TUNING_JOB, {f"{CONFIG}.HyperParameterTuningJobObjective": None}, "HyperParameterTuningJobObjective is required"),
    (
        TUNING_JOB,
        {f"{ONE}.TuningObjective": OBJECTIVE},
        "TuningObjective of a single .* in HyperParameterTuningJobConfig",
    ),
    (TUNING_JOB, {f"{ONE}.HyperParameterRanges": RANGES}, "HyperParameterRanges of a single"),
    (TUNING_JOB, {"Autotune": {"Mode": "Enabled"}}, "does not support Autotune"),
    (TUNING_JOB, {f"{SPACE}.AutoParameters": [{"Name": "a", "ValueHint": "1"}]}, "without AutoParameters"),
    (
        TUNING_JOB,
        {f"{CONFIG}.HyperParameterTuningJobObjective.MetricName": "rmse"},
        "A metric is required for this hyperparameter tuning job objective. "
        "Provide a metric in the metric definitions.",
    ),
    (TUNING_JOB, {SPACE: {}}, "from 1 to 30 hyperparameter ranges, not 0"),
    (TUNING_JOB, {SPACE: None}, "from 1 to 30 hyperparameter ranges, not 0"),
    (TUNING_JOB, {SPACE: values(*[2] * 30) | bounds("Integer", "1", "2")}, "1 to 30 .* not 31"),
    (TUNING_JOB, {SPACE: bounds("Integer", "1", "9", name="")}, "a non-empty Name"),
    (TUNING_JOB, {SPACE: values(3) | bounds("Integer", "1", "9", name="v0")}, r"more than once: \['v0'\]"),
    (TUNING_JOB, {STATIC: {"i": "1"}}, r"more than once: \['i'\]"),
    (TUNING_JOB, {STATIC: {f"s{n}": "1" for n in range(97)}}, "There are 101 hyperparameters"),
    (
        TUNING_JOB,
        {SPACE: {"CategoricalParameterRanges": [{"Name": "c", "Values": ["a", "a"]}]}},
        "same value more than",
    ),
    (TUNING_JOB, {SPACE: bounds("Integer", "1", "2.5")}, "x must consist of whole numbers"),
    (TUNING_JOB, {SPACE: bounds("Integer", "1_0", "20")}, "x must consist of whole numbers"),
    (TUNING_JOB, {SPACE: bounds("Integer", "٣", "9")}, "x must consist of whole numbers"),
    (TUNING_JOB, {SPACE: bounds("Integer", "0", "9223372036854775808")}, "x is out of bounds"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "a", "1")}, "x must consist of numbers"),
    (TUNING_JOB, {SPACE: bounds("Continuous", " 0", "1")}, "x must consist of numbers"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "0", "inf")}, "x must consist of numbers"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "nan", "1")}, "x must consist of numbers"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "0", "1e999")}, "x is out of bounds"),
    (TUNING_JOB, {SPACE: bounds("Integer", "3", "3")}, "MinValue must be less than MaxValue .* x"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "2", "1")}, "MinValue must be less than MaxValue .* x"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "0", "1", "Logarithmic")}, "greater than 0 .* x"),
    (TUNING_JOB, {SPACE: bounds("Integer", "0", "9", "Logarithmic")}, "greater than 0 .* x"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "0", "1", "ReverseLogarithmic")}, r"within \[0, 1\): x"),
    (TUNING_JOB, {SPACE: bounds("Continuous", "-1", "0", "ReverseLogarithmic")}, r"within \[0, 1\): x"),
    (TUNING_JOB, {SPACE: bounds("Integer", "0", "9", "ReverseLogarithmic")}, r"within \[0, 1\): x"),
    (TUNING_JOB, {f"{CONFIG}.Strategy": "Grid"}, "Grid strategy supports categorical parameters only"),
    (TUNING_JOB, {f"{CONFIG}.Strategy": "Grid", SPACE: values(3, 2)}, "grid's 6 combinations"),
    (TUNING_JOB, {f"{LIMITS}.MaxParallelTrainingJobs": 11}, "MaxParallelTrainingJobs must be at most MaxNumberOfTr"),
    (
        TUNING_JOB,
        {
            f"{LIMITS}.MaxNumberOfTrainingJobs": None,
            f"{LIMITS}.MaxRuntimeInSeconds": None,
            f"{CONFIG}.TuningJobCompletionCriteria": None,
        },
        "Provide MaxNumberOfTrainingJobs, MaxRuntimeInSeconds or TuningJobCompletionCriteria",
    ),
    (
        TUNING_JOB,
        {SPACE: values(2)},
        r"You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter "
        r"combinations for the provided ranges \[2.0\] must be equal or greater than the value of MaxNumberOfJobs, "
        r"\[10\]. Provide additional ranges.",
    ),
    (TUNING_JOB, {f"{CONFIG}.StrategyConfig": {"HyperbandStrategyConfig": {}}}, "for the Hyperband strategy only"),
    (HYPERBAND, {f"{CONFIG}.TrainingJobEarlyStoppingType": "Auto"}, "must be Off for the Hyperband strategy"),
    (
        HYPERBAND,
        {f"{RESOURCE}.MaxResource": None},
        "MaxResource parameter is not provided and could not be inferred from provided static hyperparameters of "
        "TrainingJobDefinition.",
    ),
    (HYPERBAND, {f"{RESOURCE}.MaxResource": None, STATIC: {"epochs": "many"}}, "could not be inferred"),
    (HYPERBAND, {f"{RESOURCE}.MinResource": 10}, r"MaxResource must be from MinResource \(10\) to"),
    (HYPERBAND, {f"{RESOURCE}.MaxResource": 20_001}, "to 20000, not 20001"),
    (SEVERAL, {f"{CONFIG}.HyperParameterTuningJobObjective": OBJECTIVE}, "objective and ranges belong in each"),
    (SEVERAL, {f"{CONFIG}.ParameterRanges": RANGES}, "objective and ranges belong in each"),
    (SEVERAL, {f"{SEVERAL_ONE}.DefinitionName": None}, "must have DefinitionName"),
    (SEVERAL, {f"{SEVERAL_ONE}.TuningObjective": None}, "must have TuningObjective"),
    (SEVERAL, {f"{SEVERAL_ONE}.HyperParameterRanges": None}, "must have HyperParameterRanges"),
    (SEVERAL, {f"{SEVERAL_ONE}.DefinitionName": "One"}, "names of training job definitions must be unique"),
    (SEVERAL, {f"{SEVERAL_ONE}.TuningObjective.Type": "Maximize"}, "must have the same Type"),
    (SEVERAL, {f"{SEVERAL_ONE}.TuningObjective.MetricName": "rmse"}, "A metric is required"),
    (SEVERAL, {f"{SEVERAL_ONE}.StaticHyperParameters": {"i": "1"}}, r"more than once: \['i'\]"),
    (SEVERAL, {f"{CONFIG}.TrainingJobEarlyStoppingType": "Auto"}, "only when tuning a single algorithm"),
    (SEVERAL, {f"{SEVERAL_ONE}.Environment": {f"N{n}": "" for n in range(48)}}, "at most 48 environment variables"),
    (FLEXIBLE, {FLEXIBLE_ONE: None}, "exactly one of ResourceConfig and HyperParameterTuningResourceConfig"),
    (FLEXIBLE, {f"{ONE}.ResourceConfig": DEFINITION["ResourceConfig"]}, "exactly one of ResourceConfig and"),
    (FLEXIBLE, {f"{FLEXIBLE_ONE}.InstanceType": "ml.m5.large"}, "With InstanceConfigs, do not pass InstanceType"),
    (FLEXIBLE, {f"{FLEXIBLE_ONE}.InstanceConfigs": None}, "needs an InstanceType and an InstanceCount"),
    (FLEXIBLE, {f"{FLEXIBLE_ONE}.InstanceConfigs.0.InstanceCount": 2}, "InstanceCount must be 1"),
    (
        FLEXIBLE,
        {FLEXIBLE_ONE: {"InstanceType": "ml.m5.large", "InstanceCount": 1, "AllocationStrategy": "Prioritized"}},
        "AllocationStrategy is valid only with InstanceConfigs",
    ),
]


@pytest.mark.parametrize(
    ("request_", "changes", "text"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_tuning_job_that_breaks_a_rule_is_refused_and_starts_nothing(
    world: World, request_: dict[str, Any], changes: dict[str, Any], text: str
) -> None:
    with pytest.raises(ServiceError, match=text) as refused:
        world.call("CreateHyperParameterTuningJob", **changed(request_, changes))

    assert (refused.value.code, refused.value.http_status) == ("ValidationException", 400)
    assert world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []
    assert world.events == []


@pytest.mark.parametrize(
    ("request_", "changes"),
    [
        (TUNING_JOB, {SPACE: values(*[2] * 29) | bounds("Integer", "1", "2")}),
        (TUNING_JOB, {STATIC: {f"s{n}": "1" for n in range(96)}}),
        (TUNING_JOB, {STATIC: {f"s{n}": "1" for n in range(96)} | {"_tuning_objective_metric": "mse"}}),
        (TUNING_JOB, {SPACE: bounds("Integer", "-9223372036854775808", "+9")}),
        (TUNING_JOB, {SPACE: bounds("Continuous", "-.5", "1.e-1")}),
        (TUNING_JOB, {SPACE: bounds("Continuous", "0", "0.999", "ReverseLogarithmic")}),
        (TUNING_JOB, {SPACE: values(2, 5)}),
        (TUNING_JOB, {f"{LIMITS}.MaxNumberOfTrainingJobs": None}),
        (TUNING_JOB, {f"{CONFIG}.Strategy": "Grid", SPACE: values(5, 2)}),
        (TUNING_JOB, {f"{CONFIG}.Strategy": "Grid", SPACE: values(3, 2), f"{LIMITS}.MaxNumberOfTrainingJobs": None}),
        (HYPERBAND, {f"{RESOURCE}.MaxResource": None, STATIC: {"n_epochs": "20000"}}),
        (HYPERBAND, {f"{CONFIG}.StrategyConfig": None, STATIC: {"epochs": "1"}}),
        (SEVERAL, {f"{SEVERAL_ONE}.Environment": {f"N{n}": "" for n in range(47)}}),
        (FLEXIBLE, {FLEXIBLE_ONE: {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}}),
    ],
)
def test_what_is_just_within_a_rule_is_accepted(request_: dict[str, Any], changes: dict[str, Any]) -> None:
    check_tuning_job(changed(request_, changes), {})
