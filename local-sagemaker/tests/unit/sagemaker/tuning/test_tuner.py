"""A tuning job from its first training job to its last."""

import json
import re
from typing import Any

import pytest

from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.jobs import TuningJob
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.tuning.tuner import Tuner
from local_sagemaker.values import ACCOUNT
from support.account import most_at_a_time
from support.sagemaker_world import ARN, FAILS, REGION, SLEEPS, SQUARE, World

BY_NAME = 'n = int(given["n"])\n'
ALL_FAILED = (
    "No training job succeeded after {} attempts. For additional details, please take a look at the training job "
    "failures by listing training jobs for the hyperparameter tuning job."
)


def grid(world: World, body: str, jobs: int, parallel: int = 1, **config: Any) -> str:
    """A grid search over `n` from 1 to `jobs`, in that order."""
    values = [str(number) for number in range(1, jobs + 1)]
    ranges = {"CategoricalParameterRanges": [{"Name": "n", "Values": values}]}
    return world.tune(BY_NAME + body, jobs, parallel, Strategy="Grid", ParameterRanges=ranges, **config)


def tuned_values(world: World, name: str, hyperparameter: str) -> list[str]:
    return [row["TunedHyperParameters"][hyperparameter] for row in world.training_jobs(name)]


def test_never_more_training_jobs_run_at_a_time_than_asked_for_and_so_many_do(world: World) -> None:
    name = world.tune(
        "say(f'mse=1\\nbegan {time.time()}'); time.sleep(1); say(f'ended {time.time()}')", jobs=8, parallel=3
    )

    world.tuned(name)

    logs = [world.log(row["TrainingJobName"]) for row in world.training_jobs(name)]
    assert len(logs) == 8
    assert most_at_a_time("".join(logs)) == 3


def test_training_jobs_are_named_after_the_tuning_job_and_numbered(world: World) -> None:
    name = world.tune(jobs=3)

    world.tuned(name)

    names = [row["TrainingJobName"] for row in world.training_jobs(name)]
    assert [re.sub("-[0-9a-f]{8}$", "", found) for found in names] == [f"{name}-00{number}" for number in (1, 2, 3)]
    assert len(set(names)) == 3


def test_a_program_gets_strings_only_and_the_name_of_the_objective(world: World) -> None:
    request = world.tuning_request("say(json.dumps(given))", jobs=1)
    ranges = {
        "IntegerParameterRanges": [{"Name": "degree", "MinValue": "1", "MaxValue": "3"}],
        "ContinuousParameterRanges": [{"Name": "x", "MinValue": "0.5", "MaxValue": "0.9"}],
        "CategoricalParameterRanges": [{"Name": "prune", "Values": ["TRUE"]}],
    }
    request["HyperParameterTuningJobConfig"]["ParameterRanges"] = ranges
    request["TrainingJobDefinition"]["StaticHyperParameters"] = {"folds": "5"}

    world.call("CreateHyperParameterTuningJob", **request)

    name = request["HyperParameterTuningJobName"]
    world.tuned(name)
    (row,) = world.training_jobs(name)
    given = json.loads(world.log(row["TrainingJobName"]))
    assert given == {**row["TunedHyperParameters"], "folds": "5", "_tuning_objective_metric": "mse"}
    assert set(row["TunedHyperParameters"]) == {"degree", "x", "prune"}
    assert all(isinstance(value, str) for value in given.values())


@pytest.mark.parametrize(("kind", "best"), [("Minimize", min), ("Maximize", max)])
def test_the_best_training_job_is_the_one_with_the_best_objective(world: World, kind: str, best: Any) -> None:
    name = world.tune(SQUARE, jobs=6, parallel=2, HyperParameterTuningJobObjective={"Type": kind, "MetricName": "mse"})

    found = world.tuned(name)

    squares = {float(x) ** 2: x for x in tuned_values(world, name, "x")}
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"x": squares[best(squares)]}
    metric = found["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]
    assert (metric["Type"], metric["MetricName"]) == (kind, "mse")


def test_a_tuning_job_with_some_failures_completes_with_a_best(world: World) -> None:
    name = grid(world, f"if n in (2, 4):\n    {FAILS}\nsay(f'mse={{n}}')", jobs=6)

    found = world.tuned(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed" and "FailureReason" not in found
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"n": "1"}
    counted = {"Completed": 4, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 2, "Stopped": 0}
    assert found["TrainingJobStatusCounters"] == counted
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 4, "Pending": 0, "Failed": 2}


def test_a_tuning_job_fails_when_its_first_five_training_jobs_have_failed(world: World) -> None:
    name = grid(world, FAILS, jobs=8)

    found = world.tuned(name)

    assert found["HyperParameterTuningJobStatus"] == "Failed"
    assert found["FailureReason"] == ALL_FAILED.format(5)
    assert "BestTrainingJob" not in found
    reasons = [row["FailureReason"] for row in world.training_jobs(name)]
    assert reasons == ["AlgorithmError: bad data, exit code: 3"] * 5


def test_training_jobs_that_still_run_after_five_failures_are_stopped_and_none_follows(world: World) -> None:
    name = grid(world, f"if n > 1:\n    {FAILS}\n{SLEEPS}", jobs=12, parallel=2)

    found = world.tuned(name)

    assert (found["HyperParameterTuningJobStatus"], found["FailureReason"]) == ("Failed", ALL_FAILED.format(5))
    statuses = [row["TrainingJobStatus"] for row in world.training_jobs(name)]
    assert statuses[:6] == ["Stopped", "Failed", "Failed", "Failed", "Failed", "Failed"]
    assert statuses[6:] in ([], ["Failed"], ["Stopped"])  # one that began as the fifth ended


def test_fewer_than_five_that_all_fail_are_counted_as_they_are(world: World) -> None:
    found = world.tuned(world.tune(FAILS, jobs=2))

    assert (found["HyperParameterTuningJobStatus"], found["FailureReason"]) == ("Failed", ALL_FAILED.format(2))


def test_four_failures_before_a_success_do_not_end_the_search(world: World) -> None:
    found = world.tuned(grid(world, f"if n < 5:\n    {FAILS}\nsay('mse=1')", jobs=6))

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["TrainingJobStatusCounters"]["Completed"] == 2


def test_a_target_is_reached_by_the_very_value_as_a_32_bit_float(world: World) -> None:
    name = grid(world, "say('mse=0.1')", jobs=4, TuningJobCompletionCriteria={"TargetObjectiveMetricValue": 0.1})

    found = world.tuned(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert tuned_values(world, name, "n") == ["1"]


def test_a_search_ends_after_as_many_jobs_without_a_gain_as_allowed(world: World) -> None:
    criteria = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}

    name = grid(world, "say(f'mse={max(5 - n, 3)}')", jobs=9, TuningJobCompletionCriteria=criteria)

    world.tuned(name)
    assert len(world.training_jobs(name)) == 2 + 3  # 4, 3, and then 3, 3, 3


def test_a_tuning_job_out_of_time_stops_its_training_jobs(world: World) -> None:
    request = world.tuning_request(SLEEPS, jobs=4, parallel=2)
    request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxRuntimeInSeconds"] = 1  # AWS allows 120 at least
    job = TuningJob("t", f"{ARN}:hyper-parameter-tuning-job/t", request, {}, created_at=0.0)
    images = Images({path.name: path for path in (world.home.parent / "images").iterdir()})
    platform = Platform(world.s3, world.home, images, REGION, ACCOUNT, world.events.append)
    state = State(platform.store)

    Tuner(state, Trainer(platform, state, 0.5), platform.emit).run(job)

    assert [training.status for training in job.training_jobs] == ["Stopped", "Stopped"]
    assert job.ended_at is not None


def test_the_same_seed_trains_at_the_same_points(world: World) -> None:
    names = [world.tune(SQUARE, jobs=4, Strategy="Bayesian", RandomSeed=seed) for seed in (5, 5, 6)]

    first, again, other = ([world.tuned(name), tuned_values(world, name, "x")][1] for name in names)

    assert first == again
    assert set(first) != set(other)


def test_tags_and_names_reach_the_training_jobs(world: World) -> None:
    request = world.tuning_request(jobs=1) | {"Tags": [{"Key": "team", "Value": "Forschung"}]}
    request["HyperParameterTuningJobName"] = name = request["HyperParameterTuningJobName"].title()
    request["TrainingJobDefinition"]["DefinitionName"] = "only"
    world.call("CreateHyperParameterTuningJob", **request)
    world.tuned(name)

    (row,) = world.training_jobs(name)

    training = world.training(row["TrainingJobName"])
    assert training["TrainingJobArn"] == f"{ARN}:training-job/{row['TrainingJobName'].lower()}"
    assert training["TuningJobArn"] == f"{ARN}:hyper-parameter-tuning-job/{name.lower()}"
    assert world.call("ListTags", ResourceArn=training["TrainingJobArn"])["Tags"] == request["Tags"]
