"""Tuning jobs over several algorithms."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.jobs.definitions import definitions, next_definition
from support.sagemaker_world import CONTINUOUS, World

FIRST, SECOND = "linear", "trees"
OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


def algorithm(world: World, name: str, metric: str, body: str, ranges: Any = CONTINUOUS) -> dict[str, Any]:
    definition = world.definition(body, DefinitionName=name, HyperParameterRanges=ranges)
    definition["TuningObjective"] = {"Type": "Minimize", "MetricName": metric}
    definition["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": metric, "Regex": rf"{metric}=(\S+)"}]
    return definition


def two(world: World, jobs: int, **config: Any) -> dict[str, Any]:
    """A request for a search with one algorithm that gets 2 and one that gets 1 to 2, each by its own metric."""
    request = world.tuning_request(jobs=jobs, **config)
    del request["TrainingJobDefinition"]
    del request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    del request["HyperParameterTuningJobConfig"]["ParameterRanges"]
    request["TrainingJobDefinitions"] = [
        algorithm(world, FIRST, "mse", "say('mse=2')"),
        algorithm(world, SECOND, "loss", "say(f'loss={1 + float(given[\"x\"]) ** 2}')"),
    ]
    return request


def tuned(world: World, request: dict[str, Any]) -> Any:
    world.call("CreateHyperParameterTuningJob", **request)
    return world.tuned(request["HyperParameterTuningJobName"])


def test_training_jobs_are_shared_out_equally_and_say_whose_they_are(world: World) -> None:
    found = tuned(world, two(world, jobs=6))

    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    assert [row["TrainingJobDefinitionName"] for row in rows] == [FIRST, SECOND] * 3
    assert found["TrainingJobStatusCounters"]["Completed"] == found["ObjectiveStatusCounters"]["Succeeded"] == 6


def test_each_algorithm_is_measured_by_its_own_metric_and_the_best_is_of_all(world: World) -> None:
    found = tuned(world, two(world, jobs=4))

    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    assert [row[OBJECTIVE]["MetricName"] for row in rows] == ["mse", "loss", "mse", "loss"]
    best = found["BestTrainingJob"]
    assert best["TrainingJobDefinitionName"] == SECOND
    assert best[OBJECTIVE]["Value"] == min(row[OBJECTIVE]["Value"] for row in rows) <= 2


def test_the_definitions_are_described_with_the_objective_that_sagemaker_adds(world: World) -> None:
    request = two(world, jobs=2)
    request["TrainingJobDefinitions"][0]["StaticHyperParameters"] = {"folds": "5"}

    found = tuned(world, request)

    assert "TrainingJobDefinition" not in found
    static = [shown["StaticHyperParameters"] for shown in found["TrainingJobDefinitions"]]
    assert static == [
        {"folds": "5", "_tuning_objective_metric": "mse"},
        {"_tuning_objective_metric": "loss"},
    ]
    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    given = [world.training(row["TrainingJobName"])["HyperParameters"] for row in rows]
    assert given[0] == {**static[0], **rows[0]["TunedHyperParameters"]}


def test_grids_of_different_sizes_are_each_gone_through_once(world: World) -> None:
    request = two(world, jobs=2 + 3, Strategy="Grid")
    del request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"]
    for definition, values in zip(request["TrainingJobDefinitions"], (["1", "2"], ["1", "2", "3"]), strict=True):
        definition["HyperParameterRanges"] = {"CategoricalParameterRanges": [{"Name": "x", "Values": values}]}

    found = tuned(world, request)

    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    points = [(row["TrainingJobDefinitionName"], row["TunedHyperParameters"]["x"]) for row in rows]
    assert points == [(FIRST, "1"), (SECOND, "1"), (FIRST, "2"), (SECOND, "2"), (SECOND, "3")]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 30))
def test_no_definition_is_ahead_of_another_that_can_still_have_training_jobs(sizes: list[int], jobs: int) -> None:
    asked = [0] * len(sizes)
    for _ in range(jobs):
        number = next_definition(asked, sizes)
        if number is None:
            break
        asked[number] += 1

    assert sum(asked) == min(jobs, sum(sizes))
    free = [count for count, size in zip(asked, sizes, strict=True) if count < size]
    assert not free or max(asked) - min(free) <= 1


def test_a_flexible_resource_config_becomes_the_training_jobs_first_choice(world: World) -> None:
    request = world.tuning_request()
    instances = [
        {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 7},
        {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 7},
    ]
    del request["TrainingJobDefinition"]["ResourceConfig"]
    flexible = {"AllocationStrategy": "Prioritized", "InstanceConfigs": instances}
    request["TrainingJobDefinition"]["HyperParameterTuningResourceConfig"] = flexible

    (found,) = definitions(request)

    assert found.request["ResourceConfig"] == instances[0]
