"""A tuning job that was interrupted, as a new process finds it, and goes on."""

import time
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.jobs import TuningJob
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, IN_PROGRESS, STOPPED, STOPPING
from support.found_tuning import Found
from support.sagemaker_world import CONTINUOUS, FAILS, SQUARE, World

CATEGORICAL = {"CategoricalParameterRanges": [{"Name": "x", "Values": ["1", "2", "3", "4", "5"]}]}


def points(job: TuningJob) -> list[str]:
    return [training.tuned["x"] for training in job.training_jobs]


@pytest.mark.parametrize(
    ("strategy", "ranges"), [("Random", CONTINUOUS), ("Bayesian", CONTINUOUS), ("Grid", CATEGORICAL)]
)
def test_it_trains_at_the_points_at_which_it_would_have_trained(world: World, strategy: str, ranges: Any) -> None:
    request = world.tuning_request(SQUARE, jobs=5, Strategy=strategy, ParameterRanges=ranges)
    whole = Found(world, request).goes_on()

    found = Found(world, request)
    for training in whole.training_jobs[:3]:
        found.has(training.tuned["x"], COMPLETED, whole.objective(training))
    job = found.goes_on()

    assert points(job) == points(whole)
    assert [training.status for training in job.training_jobs] == [COMPLETED] * 5


def test_what_was_drawn_in_place_of_a_seed_is_kept(world: World) -> None:
    request = world.tuning_request(SQUARE, jobs=4)
    del request["HyperParameterTuningJobConfig"]["RandomSeed"]
    whole = Found(world, request).goes_on()

    found = Found(world, request, seed=whole.seed)
    found.has(points(whole)[0], COMPLETED, 1.0)

    assert points(found.goes_on()) == points(whole)


def test_training_jobs_that_were_in_progress_run_again_under_their_names(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=3, parallel=2))
    lost = [found.has("0.5", IN_PROGRESS, objective=7.0), found.has("0.25", IN_PROGRESS)]

    job = found.goes_on()

    assert job.status == COMPLETED and len(job.training_jobs) == 3
    assert [training.status for training in lost] == [COMPLETED, COMPLETED]
    assert [training.curve for training in lost] == [[0.25], [0.0625]], "their squares, printed once"
    assert [lost[0].transitions[0]["Status"], lost[0].transitions[-1]["Status"]] == ["Starting", COMPLETED]


def test_a_training_job_that_was_stopping_has_stopped_with_what_it_had(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=2))
    stopping = found.has("0.5", STOPPING, objective=7.0)

    job = found.goes_on()

    assert (stopping.status, stopping.secondary, job.objective(stopping)) == (STOPPED, STOPPED, 7.0)
    assert not (world.home / stopping.name).exists()
    assert [training.status for training in job.training_jobs] == [STOPPED, COMPLETED]


def test_a_tuning_job_that_was_stopping_stops(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=5), status=STOPPING)
    found.has("0.5", COMPLETED, 1.0)
    lost = found.has("0.25", IN_PROGRESS)

    job = found.goes_on()

    assert (job.status, lost.status, len(job.training_jobs)) == (STOPPED, STOPPED, 2)
    assert job.best is job.training_jobs[0]


def test_no_event_tells_of_a_beginning_again(world: World) -> None:
    found = Found(world, world.tuning_request(SQUARE, jobs=1))
    found.has("0.5", COMPLETED, 1.0)

    found.goes_on()

    details = [event["detail"] for event in found.events]
    assert [detail.get("HyperParameterTuningJobStatus") for detail in details] == ["Completed"]


def test_training_jobs_that_failed_before_count(world: World) -> None:
    found = Found(world, world.tuning_request(FAILS, jobs=9))
    for _ in range(4):
        found.has("0.5", FAILED, failure="AlgorithmError: bad data, exit code: 3")

    job = found.goes_on()

    assert (job.status, len(job.training_jobs)) == (FAILED, 5)
    assert job.failure and job.failure.startswith("No training job succeeded after 5 attempts.")


def test_training_jobs_that_did_not_improve_before_count(world: World) -> None:
    criteria = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}
    found = Found(world, world.tuning_request("say('mse=9')", jobs=9, TuningJobCompletionCriteria=criteria))
    for objective in (5.0, 6.0, 7.0):
        found.has("0.5", COMPLETED, objective)

    assert len(found.goes_on().training_jobs) == 4  # 5, then 6, 7 and 9


def test_the_time_that_it_ran_before_counts_and_the_time_between_does_not(world: World) -> None:
    request = world.tuning_request(SQUARE, jobs=2)
    request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxRuntimeInSeconds"] = 120

    in_time, late = Found(world, request, ran_s=60.0).goes_on(), Found(world, request, ran_s=120.0).goes_on()

    assert (len(in_time.training_jobs), len(late.training_jobs)) == (2, 0)
    assert 60 <= in_time.runtime_s(time.time()) < 120
