"""Tuning jobs that start from the results of others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws.sagemaker.errors import ServiceError
from localaws.sagemaker.state import COMPLETED, FAILED, STOPPED, TrainingJob, TuningJob
from localaws.sagemaker.strategies import Observation
from localaws.sagemaker.warm_start import observations
from tests.unit.localaws.sagemaker_world import SLEEPS, SQUARE, World, a_world

IDENTICAL, TRANSFER = "IdenticalDataAndAlgorithm", "TransferLearning"
WORSE = "say(f'mse={2 + float(given[\"x\"]) ** 2}')"
OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(None, tmp_path) as world:
        yield world


def warm(*parents: str, kind: str = IDENTICAL) -> dict[str, Any]:
    names = [{"HyperParameterTuningJobName": parent} for parent in parents]
    return {"WarmStartConfig": {"ParentHyperParameterTuningJobs": names, "WarmStartType": kind}}


def tuned(world: World, request: dict[str, Any]) -> Any:
    world.call("CreateHyperParameterTuningJob", **request)
    return world.tuned(request["HyperParameterTuningJobName"])


def points(world: World, found: Any) -> list[float]:
    return [
        float(row["TunedHyperParameters"]["x"]) for row in world.training_jobs(found["HyperParameterTuningJobName"])
    ]


@pytest.mark.parametrize("kind", [IDENTICAL, TRANSFER])
def test_a_search_that_knows_its_parents_begins_near_their_best(world: World, kind: str) -> None:
    parent = world.tuned(world.tune(SQUARE, jobs=14, parallel=3))["HyperParameterTuningJobName"]
    request = world.tuning_request(SQUARE, jobs=3, Strategy="Bayesian") | warm(parent, kind=kind)

    found = points(world, tuned(world, request))

    assert max(abs(x) for x in found) < 0.5, "chance alone gives that once in eight times"


def test_points_of_the_parents_are_not_trained_again_on_identical_data(world: World) -> None:
    values = {"CategoricalParameterRanges": [{"Name": "x", "Values": ["1", "2", "3", "4"]}]}
    parent = world.tuned(world.tune(SQUARE, jobs=2, ParameterRanges=values))
    name = parent["HyperParameterTuningJobName"]

    child = tuned(world, world.tuning_request(SQUARE, jobs=2, ParameterRanges=values) | warm(name))

    assert sorted(points(world, parent) + points(world, child)) == [1, 2, 3, 4]


def test_the_overall_best_of_identical_data_names_the_tuning_job_that_it_came_from(world: World) -> None:
    parent = world.tuned(world.tune(SQUARE, jobs=2))

    worse = tuned(world, world.tuning_request(WORSE, jobs=1) | warm(parent["HyperParameterTuningJobName"]))

    name = parent["HyperParameterTuningJobName"]
    assert worse["OverallBestTrainingJob"] == {**parent["BestTrainingJob"], "TuningJobName": name}
    assert worse["BestTrainingJob"][OBJECTIVE]["Value"] >= 2
    assert worse["WarmStartConfig"] == warm(name)["WarmStartConfig"]


def test_the_overall_best_may_be_the_childs_own(world: World) -> None:
    parent = world.tuned(world.tune(WORSE, jobs=2))["HyperParameterTuningJobName"]

    better = tuned(world, world.tuning_request(SQUARE, jobs=1) | warm(parent))

    own = better["HyperParameterTuningJobName"]
    assert better["OverallBestTrainingJob"] == {**better["BestTrainingJob"], "TuningJobName": own}


@pytest.mark.parametrize("more", [{}, {"kind": TRANSFER}])
def test_there_is_no_overall_best_without_identical_data(world: World, more: dict[str, str]) -> None:
    parent = world.tuned(world.tune(SQUARE, jobs=1))["HyperParameterTuningJobName"]

    found = tuned(world, world.tuning_request(SQUARE, jobs=1) | (warm(parent, **more) if more else {}))

    assert "BestTrainingJob" in found and "OverallBestTrainingJob" not in found


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
