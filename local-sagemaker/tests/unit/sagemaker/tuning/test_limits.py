"""How long a tuning job goes on: the number of its training jobs, and the word to stop at any time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, STOPPED
from local_sagemaker.sagemaker.tuning.search import Search
from support.found_tuning import Found
from support.sagemaker_world import SQUARE, World


class AtOnce:
    """A trainer whose training jobs complete as they begin; their objective is the square of `x`."""

    def announce(self, job: TrainingJob) -> None:
        job.move_to("Starting", "")

    def run(self, job: TrainingJob, on_metric: Callable[[str, float], None]) -> None:
        square = float(job.tuned["x"]) ** 2
        job.metrics["mse"] = (square, time.time())
        on_metric("mse", square)
        job.status, job.ended_at = COMPLETED, time.time()


@pytest.mark.parametrize("strategy", ["Random", "Hyperband"])
def test_a_search_has_as_many_training_jobs_as_asked_for_each_at_a_point_of_its_own(
    world: World, strategy: str
) -> None:
    most = {"HyperbandStrategyConfig": {"MaxResource": 2}}
    request = world.tuning_request(SQUARE, jobs=1000, parallel=10, Strategy=strategy, StrategyConfig=most)
    found = Found(world, request)
    trainer: Any = AtOnce()

    failure = Search(found.job, found.state, trainer, [], False).go()

    assert failure == ""
    assert len({job.tuned["x"] for job in found.job.training_jobs}) == len(found.state.all_training()) == 1000


def test_a_tuning_job_told_to_stop_before_its_first_training_job_has_none(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=3))
    found.tuner.announce(found.job)

    found.tuner.stop(found.job)
    found.tuner.run(found.job)

    statuses = [event["detail"]["HyperParameterTuningJobStatus"] for event in found.events]
    assert statuses == ["InProgress", "Stopping", "Stopped"]
    assert (found.job.training_jobs, found.job.failure) == ([], None)


def test_a_training_job_told_to_stop_before_it_runs_never_runs(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=1))
    training = found.has("0.5", "InProgress")
    found.trainer.announce(training)

    found.trainer.stop(training)
    found.trainer.run(training)

    assert training.status == STOPPED and training.started_at is None
    assert not (world.home / training.name).exists()
    assert [event["detail"]["TrainingJobStatus"] for event in found.events] == ["InProgress", "Stopping", "Stopped"]


def test_stopping_at_once_ends_whatever_has_begun(world: World) -> None:
    name = world.tune("time.sleep(60)", jobs=6, parallel=3)

    world.call("StopHyperParameterTuningJob", HyperParameterTuningJobName=name)

    assert world.tuned(name)["HyperParameterTuningJobStatus"] == "Stopped"
    assert all(row["TrainingJobStatus"] == "Stopped" for row in world.training_jobs(name))
    assert world.statuses("HyperParameterTuningJobStatus", name) == ["InProgress", "Stopping", "Stopped"]


def test_consumed_resources_are_the_wall_clock_of_the_tuning_job(world: World) -> None:
    name = world.tune("time.sleep(0.7); say('mse=1')", jobs=3, parallel=3)

    found = world.tuned(name)

    wall_clock_s = found["HyperParameterTuningEndTime"] - found["CreationTime"]
    assert 0 <= found["ConsumedResources"]["RuntimeInSeconds"] <= wall_clock_s


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_a_search_whose_number_of_training_jobs_is_left_out_ends_by_its_other_limit(
    world: World, strategy: str
) -> None:
    request = world.tuning_request(SQUARE, Strategy=strategy)
    config = request["HyperParameterTuningJobConfig"]
    del config["ResourceLimits"]["MaxNumberOfTrainingJobs"]
    config["TuningJobCompletionCriteria"] = {"TargetObjectiveMetricValue": 1.0}  # any square of -1 to 1 reaches it

    world.call("CreateHyperParameterTuningJob", **request)
    ended = world.tuned(request["HyperParameterTuningJobName"])

    assert (ended["HyperParameterTuningJobStatus"], ended.get("FailureReason")) == ("Completed", None)
    assert len(world.training_jobs(request["HyperParameterTuningJobName"])) == 1
