"""What a tuning job must have in common with the parents that it starts from (automatic-model-tuning-warm-start)."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.rules import check_tuning_job
from support.accepted import SEVERAL, TUNING_JOB, changed
from support.sagemaker_world import SLEEPS, World

CONFIG, ONE = "HyperParameterTuningJobConfig", "TrainingJobDefinition"
SPACE, STATIC = f"{CONFIG}.ParameterRanges", f"{ONE}.StaticHyperParameters"
IDENTICAL, TRANSFER = "IdenticalDataAndAlgorithm", "TransferLearning"


@dataclass
class Parent:
    """A tuning job that has ended."""

    request: dict[str, Any]
    status: str = "Completed"
    name: str = "parent"
    training_jobs: list[Any] = field(default_factory=list)


def child(kind: str = TRANSFER, changes: dict[str, Any] | None = None, parents: int = 1) -> dict[str, Any]:
    names = [{"HyperParameterTuningJobName": f"parent{number}"} for number in range(parents)]
    warm = {"WarmStartType": kind, "ParentHyperParameterTuningJobs": names}
    return {**changed(TUNING_JOB, changes or {}), "WarmStartConfig": warm}


def categories(*values: str) -> dict[str, Any]:
    return {"CategoricalParameterRanges": [{"Name": "c", "Values": list(values)}]}


@pytest.mark.parametrize("kind", [IDENTICAL, TRANSFER])
@pytest.mark.parametrize("status", ["Completed", "Stopped", "Failed"])
def test_the_same_request_can_start_from_a_parent_that_has_ended(kind: str, status: str) -> None:
    check_tuning_job(child(kind), {}, [Parent(TUNING_JOB, status)])


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (TRANSFER, {f"{ONE}.AlgorithmSpecification.TrainingImage": "other:1"}),
        (TRANSFER, {f"{ONE}.InputDataConfig.0.DataSource.S3DataSource.S3Uri": "s3://bucket/new/"}),
        (
            IDENTICAL,
            {
                f"{ONE}.AlgorithmSpecification.TrainingImage": TUNING_JOB[ONE]["AlgorithmSpecification"][
                    "TrainingImage"
                ].replace(":latest", "@sha256:" + "a" * 64)
            },
        ),
        (IDENTICAL, {f"{SPACE}.IntegerParameterRanges.0.MaxValue": "99"}),
        (IDENTICAL, {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 20}),
        (IDENTICAL, {f"{SPACE}.CategoricalParameterRanges": None, STATIC: {"s": "1", "v": "a"}}),
        (IDENTICAL, {f"{SPACE}.CategoricalParameterRanges.0": {"Name": "s", "Values": ["1"]}, STATIC: {"v": "b"}}),
        (TRANSFER, {f"{ONE}.DefinitionName": None}),
        (TRANSFER, {f"{ONE}.RoleArn": "arn:aws:iam::123456789012:role/other"}),
    ],
)
def test_what_may_change_is_accepted(kind: str, changes: dict[str, Any]) -> None:
    check_tuning_job(child(kind, changes), {}, [Parent(TUNING_JOB)])


@pytest.mark.parametrize(
    ("kind", "changes", "text"),
    [
        (TRANSFER, {f"{CONFIG}.HyperParameterTuningJobObjective.Type": "Maximize"}, "metric must be the same"),
        (TRANSFER, {STATIC: {"s": "1", "t": "1"}}, "set of tunable plus static HyperParameter names is not the same"),
        (TRANSFER, {STATIC: None}, "set of tunable plus static HyperParameter names is not the same"),
        (
            TRANSFER,
            {f"{SPACE}.IntegerParameterRanges": None, f"{SPACE}.ContinuousParameterRanges": [
                {"Name": name, "MinValue": "0", "MaxValue": "1"} for name in ("i", "c")]},
            "type of the hyperparameter i must be the same",
        ),
        (TRANSFER, {f"{CONFIG}.Strategy": "Grid", SPACE: {"CategoricalParameterRanges": [{"Name": "v", "Values": list("0123456789")}]}, STATIC: {"s": "1", "i": "1", "c": "1"}}, "supports the strategies Bayesian and Random"),  # noqa: E501
        (
            TRANSFER,
            {f"{ONE}.Environment": {"NAME": "other"}},
            r"Only the following fields in TrainingJobDefinition are allowed to change: \[algorithmSpecification, "
            "inputDataConfig, outputDataConfig, staticHyperParameters, roleArn, resourceConfig, stoppingCondition, "
            r"vpcConfig, enableManagedSpotTraining, checkpointConfig\].",
        ),
        (IDENTICAL, {f"{ONE}.AlgorithmSpecification.TrainingImage": "other:1"}, "needs the input data and"),
        (
            IDENTICAL,
            {f"{ONE}.InputDataConfig.0.DataSource.S3DataSource.S3Uri": "s3://bucket/new/"},
            "needs the input data and",
        ),
    ],
)  # fmt: skip
def test_what_may_not_change_is_refused(kind: str, changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ServiceError, match=text) as refused:
        check_tuning_job(child(kind, changes), {}, [Parent(TUNING_JOB)])

    assert refused.value.code == "ValidationException"


@pytest.mark.parametrize(("number", "is_refused"), [(5, False), (6, True)])
def test_a_changed_static_value_counts_twice_of_ten_changes(number: int, is_refused: bool) -> None:
    before, after = ({f"s{n}": value for n in range(6)} for value in ("red", "blue"))
    parent = Parent(changed(TUNING_JOB, {STATIC: before}))
    request = child(changes={STATIC: {**before, **{f"s{n}": after[f"s{n}"] for n in range(number)}}})

    if is_refused:
        with pytest.raises(ServiceError, match=f"There are {2 * number} changes"):
            check_tuning_job(request, {}, [parent])
    else:
        check_tuning_job(request, {}, [parent])


@pytest.mark.parametrize(("number", "is_refused"), [(10, False), (11, True)])
def test_a_category_made_static_counts_each_of_its_values(number: int, is_refused: bool) -> None:
    many = {"CategoricalParameterRanges": [{"Name": "v", "Values": [str(n) for n in range(number)]}]}
    parent = Parent(changed(TUNING_JOB, {SPACE: {**TUNING_JOB[CONFIG]["ParameterRanges"], **many}}))
    request = child(changes={f"{SPACE}.CategoricalParameterRanges": None, STATIC: {"s": "1", "v": "1"}})

    if is_refused:
        with pytest.raises(ServiceError, match="There are 11 changes"):
            check_tuning_job(request, {}, [parent])
    else:
        check_tuning_job(request, {}, [parent])


def test_several_algorithms_have_no_parents_and_are_none() -> None:
    with pytest.raises(ServiceError, match="only when tuning a single algorithm"):
        check_tuning_job({**SEVERAL, "WarmStartConfig": child()["WarmStartConfig"]}, {}, [Parent(TUNING_JOB)])
    with pytest.raises(ServiceError, match="only for a single algorithm, and parent has several"):
        check_tuning_job(child(), {}, [Parent(SEVERAL)])


def test_the_same_parent_twice_is_refused() -> None:
    with pytest.raises(ServiceError, match="more than once"):
        check_tuning_job(child(parents=2), {}, [Parent(TUNING_JOB), Parent(TUNING_JOB, name="Parent")])


def test_the_training_jobs_of_parents_count_against_the_quota() -> None:
    check_tuning_job(child(), {}, [Parent(TUNING_JOB)], of_parents=740)
    with pytest.raises(ServiceError, match="utilization of 741 Jobs and a request delta of 10 Jobs") as refused:
        check_tuning_job(child(), {}, [Parent(TUNING_JOB)], of_parents=741)

    assert refused.value.code == "ResourceLimitExceeded"


def test_a_parent_must_be_there_and_have_ended(world: World) -> None:
    name = world.tune(SLEEPS, jobs=1)
    for parent, text in ((name, f"parent tuning job {name} is InProgress"), ("none", "tuning job none does not exist")):
        warm = {"WarmStartType": TRANSFER, "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": parent}]}
        with pytest.raises(ServiceError, match=text) as refused:
            world.call("CreateHyperParameterTuningJob", **world.tuning_request(), WarmStartConfig=warm)
        assert refused.value.code == "ValidationException"
    assert len(world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]) == 1
