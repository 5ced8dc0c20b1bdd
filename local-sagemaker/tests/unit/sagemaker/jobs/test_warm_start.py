"""Tuning jobs that start from the results of others."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, STOPPED
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.strategies import Observation
from local_sagemaker.sagemaker.tuning.parents import observations
from support.sagemaker_world import SLEEPS, SQUARE, World

IDENTICAL, TRANSFER = "IdenticalDataAndAlgorithm", "TransferLearning"
AT_06 = "say(f'mse={(float(given[\"x\"]) - 0.6) ** 2}')"
"""A program whose objective is best at 0.6."""
OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


def warm(*parents: str, kind: str = IDENTICAL) -> dict[str, Any]:
    names = [{"HyperParameterTuningJobName": parent} for parent in parents]
    return {"WarmStartConfig": {"ParentHyperParameterTuningJobs": names, "WarmStartType": kind}}


def after(world: World, parent: Any, jobs: int, kind: str = IDENTICAL, **config: Any) -> dict[str, Any]:
    """A request that differs from its parent's in its config only."""
    request = world.tuning_request(jobs=jobs, **config) | warm(parent["HyperParameterTuningJobName"], kind=kind)
    return request | {"TrainingJobDefinition": parent["TrainingJobDefinition"]}


def among(*values: str) -> dict[str, Any]:
    return {"CategoricalParameterRanges": [{"Name": "x", "Values": list(values)}]}


def tuned(world: World, request: dict[str, Any]) -> Any:
    world.call("CreateHyperParameterTuningJob", **request)
    return world.tuned(request["HyperParameterTuningJobName"])


def points(world: World, found: Any) -> list[float]:
    return [
        float(row["TunedHyperParameters"]["x"]) for row in world.training_jobs(found["HyperParameterTuningJobName"])
    ]


@pytest.mark.parametrize("kind", [IDENTICAL, TRANSFER])
def test_a_search_that_knows_its_parents_begins_near_their_best(world: World, kind: str) -> None:
    parent = world.tuning_request(AT_06, jobs=14, parallel=3)
    tuned(world, parent)

    warmed = points(world, tuned(world, after(world, parent, jobs=1, kind=kind, Strategy="Bayesian")))

    cold = points(world, world.tuned(world.tune(AT_06, jobs=1, Strategy="Bayesian")))
    assert abs(warmed[0] - 0.6) < 0.1 < abs(cold[0] - 0.6), "the same seed in both"


def test_points_of_the_parents_are_not_trained_again_on_identical_data(world: World) -> None:
    parent = world.tuning_request(SQUARE, jobs=2, ParameterRanges=among("1", "2", "3", "4"))
    first = tuned(world, parent)

    second = tuned(world, after(world, parent, jobs=2, ParameterRanges=among("1", "2", "3", "4")))

    assert sorted(points(world, first) + points(world, second)) == [1, 2, 3, 4]


def test_the_overall_best_of_identical_data_names_the_tuning_job_that_it_came_from(world: World) -> None:
    parent = world.tuning_request(SQUARE, jobs=2, ParameterRanges=among("1", "2"))
    better = tuned(world, parent)

    request = after(world, parent, jobs=2, ParameterRanges=among("3", "4"))
    worse = tuned(world, request)

    name = better["HyperParameterTuningJobName"]
    assert worse["OverallBestTrainingJob"] == {**better["BestTrainingJob"], "TuningJobName": name}
    assert worse["BestTrainingJob"][OBJECTIVE]["Value"] == 3**2
    assert worse["WarmStartConfig"] == request["WarmStartConfig"]


def test_the_overall_best_may_be_the_childs_own(world: World) -> None:
    parent = world.tuning_request(SQUARE, jobs=2, ParameterRanges=among("3", "4"))
    tuned(world, parent)

    better = tuned(world, after(world, parent, jobs=2, ParameterRanges=among("1", "2")))

    own = better["HyperParameterTuningJobName"]
    assert better["OverallBestTrainingJob"] == {**better["BestTrainingJob"], "TuningJobName": own}


def test_there_is_no_overall_best_without_identical_data(world: World) -> None:
    parent = world.tuning_request(SQUARE, jobs=1)

    cold, warmed = tuned(world, parent), tuned(world, after(world, parent, jobs=1, kind=TRANSFER))

    assert "BestTrainingJob" in cold and "OverallBestTrainingJob" not in cold
    assert "BestTrainingJob" in warmed and "OverallBestTrainingJob" not in warmed


def test_a_parent_must_be_there_and_have_ended(world: World) -> None:
    running = world.tune(SLEEPS, jobs=1)

    for parent, text in (("none", "none does not exist"), (running, f"{running} is InProgress: parents must be")):
        with pytest.raises(ServiceError, match=text) as refused:
            world.call("CreateHyperParameterTuningJob", **(world.tuning_request() | warm(parent)))
        assert refused.value.code == "ValidationException"


def test_what_is_learnt_are_all_values_of_training_jobs_with_an_objective(world: World) -> None:
    request = world.tuning_request()
    request["TrainingJobDefinition"]["StaticHyperParameters"] = {"depth": "3"}
    parent = TuningJob("parent", "arn", request, {}, 0.0)
    for number, (status, metrics) in enumerate(
        [
            (COMPLETED, {"mse": (1.0, 0.0)}),
            (FAILED, {"mse": (2.0, 0.0)}),
            (STOPPED, {"mse": (3.0, 0.0)}),
            (COMPLETED, {}),
        ]
    ):
        job = TrainingJob(str(number), "arn", {}, {}, {}, 0.0, tuned={"x": str(number)}, status=status, metrics=metrics)
        parent.training_jobs.append(job)

    assert observations([parent]) == [
        Observation({"depth": "3", "x": "0"}, 1.0, "parent"),
        Observation({"depth": "3", "x": "2"}, 3.0, "parent"),
    ]
