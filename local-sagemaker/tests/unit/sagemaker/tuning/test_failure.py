"""Tuning jobs that found no objective: how they end, and what is said about it."""

import logging

import pytest

from local_sagemaker.sagemaker.tuning.failure import TrainingEnd, failure, has_failed, missing_objective
from support.sagemaker_world import FAILS, World

SUCCESS, SILENT, FAILED = TrainingEnd("Completed", True), TrainingEnd("Completed", False), TrainingEnd("Failed", False)
NO_OBJECTIVE = (
    "No objective metrics found after running {} training jobs. Please ensure that the custom algorithm is emitting "
    "the objective metric as defined by the regular expression provided."
)


@pytest.mark.parametrize(
    "ended", [[], [SUCCESS], [FAILED, SUCCESS], [SILENT] * 4 + [SUCCESS], [SUCCESS] + [SILENT] * 9]
)
def test_one_objective_among_the_first_five_is_enough(ended: list[TrainingEnd]) -> None:
    assert failure(ended) == "" and not has_failed(ended)


@pytest.mark.parametrize("ended", [[SILENT], [FAILED, SILENT], [SILENT, FAILED, FAILED]])
def test_all_count_if_they_are_fewer_than_five(ended: list[TrainingEnd]) -> None:
    assert failure(ended) == NO_OBJECTIVE.format(len(ended))
    assert not has_failed(ended)


def test_an_objective_after_five_without_comes_too_late() -> None:
    assert failure([SILENT] * 5 + [SUCCESS]) == NO_OBJECTIVE.format(5)


def test_a_tuning_job_whose_first_five_training_jobs_print_no_objective_fails(world: World) -> None:
    name = world.tune("say('loss=1')", jobs=8)

    found = world.tuned(name)

    assert (found["HyperParameterTuningJobStatus"], found["FailureReason"]) == ("Failed", NO_OBJECTIVE.format(5))
    assert found["TrainingJobStatusCounters"]["Completed"] == 5
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 0, "Pending": 0, "Failed": 5}
    assert {row["TrainingJobStatus"] for row in world.training_jobs(name)} == {"Completed"}
    assert "BestTrainingJob" not in found


def test_its_last_event_counts_no_objective(world: World) -> None:
    name = world.tune("say('loss=1')", jobs=2)

    assert world.statuses("HyperParameterTuningJobStatus", name) == ["InProgress", "Failed"]
    assert world.told(name)[-1]["ObjectiveStatusCounters"] == {"Succeeded": 0, "Pending": 0, "Failed": 2}


def test_failures_and_silence_together_are_no_objective(world: World) -> None:
    found = world.tuned(world.tune(f"if float(given['x']) > 0:\n    {FAILS}\nsay('nothing')", jobs=5))

    assert found["FailureReason"] == NO_OBJECTIVE.format(5)


def test_a_tuning_job_that_is_stopped_is_not_failed(world: World) -> None:
    name = world.tune("say('awake'); time.sleep(60)", jobs=2)
    world.awake(1)

    world.call("StopHyperParameterTuningJob", HyperParameterTuningJobName=name)

    assert world.tuned(name)["HyperParameterTuningJobStatus"] == "Stopped"


def test_the_local_log_shows_the_regular_expression_and_the_last_lines(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        world.tuned(world.tune("say('loss=1')", jobs=1))

    (said,) = [record.getMessage() for record in caplog.records]
    assert r"The regular expression of `mse`, mse=(\S+), matched no line" in said
    assert said.endswith("ends with:\n  loss=1")


def test_of_a_long_log_only_the_end_is_shown() -> None:
    said = missing_objective("mse", r"mse=(\S+)", "job", (f"line {number}\n" for number in range(1000)))

    assert said.splitlines()[-5:] == [f"  line {number}" for number in range(995, 1000)]
    assert len(said.splitlines()) == 7


def test_a_line_that_matches_without_a_finite_number_is_named() -> None:
    said = missing_objective("mse", r"mse=(\S+)", "job", ["mse=1e200\n", "done\n"])

    assert "found no finite number in its first group; the last line that it matched is: mse=1e200" in said
