"""When a tuning job has found enough."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.jobs.completion import CONVERGED_AFTER, Progress, improves, is_enough, progress
from support.sagemaker_world import World

NOT_IMPROVING = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}
CONVERGENCE = {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}
objectives = st.lists(st.floats(-1e6, 1e6), max_size=40)
signs = st.sampled_from([1, -1])


def after(*values: float, sign: int = 1) -> Progress:
    """What has come of training jobs that ended with these objectives, one a second."""
    return progress(enumerate(values), sign)


def grid(world: World, printed: list[float], **criteria: Any) -> Any:
    """The ended search, in order, through training jobs that print these objectives."""
    values = [str(number) for number in range(len(printed))]
    name = world.tune(
        f"say(f'mse={{{printed}[int(given[\"n\"])]}}')",
        len(printed),
        Strategy="Grid",
        ParameterRanges={"CategoricalParameterRanges": [{"Name": "n", "Values": values}]},
        TuningJobCompletionCriteria=criteria,
    )
    return world.tuned(name)


@pytest.mark.parametrize(
    ("best", "objective", "sign", "expected"),
    [
        (100.0, 98.0, 1, True),  # 2 % less
        (100.0, 99.0, 1, False),  # 1 %: "1% or less" is no improvement
        (100.0, 99.5, 1, False),
        (100.0, 102.0, 1, False),  # more is worse when minimising
        (0.5, 0.51, -1, True),  # 2 % more
        (0.5, 0.504, -1, False),
        (-100.0, -102.0, 1, True),  # 2 % of the absolute value
        (-100.0, -100.5, 1, False),
        (0.0, -1e-9, 1, True),  # 1 % of nothing is nothing
        (0.0, 0.0, 1, False),
        (None, 7.0, 1, True),
    ],
)
def test_only_more_than_one_per_cent_better_than_the_best_is_an_improvement(
    best: float | None, objective: float, sign: int, expected: bool
) -> None:
    assert improves(objective, best, sign) is expected


def test_training_jobs_are_counted_from_the_last_improvement_on() -> None:
    assert after(5.0, 4.0, 4.0, 6.0).not_improving == 2
    assert after(5.0, 4.0, 4.0, 6.0, 3.0).not_improving == 0
    assert after(100.0, 99.5, 99.4).not_improving == 2


def test_a_gain_too_small_to_count_is_the_best_nevertheless() -> None:
    assert after(100.0, 99.5, 99.7) == Progress(best=99.5, not_improving=2)


def test_the_order_is_that_of_the_ends() -> None:
    assert progress([(3.0, 4.0), (1.0, 5.0), (2.0, 3.0)], 1).not_improving == 1  # 5, 3, and then 4


def test_a_search_has_converged_when_ten_in_a_row_did_not_improve_and_stays_so() -> None:
    assert CONVERGED_AFTER == 10
    assert after(*[1.0] * 10).converged_at is None  # nine after the first
    assert after(*[1.0] * 11).converged_at == 10.0
    assert after(*[1.0] * 11, 0.5).converged_at == 10.0


@given(objectives, signs)
def test_the_best_is_the_best_and_no_more_fail_to_improve_than_there_are(values: list[float], sign: int) -> None:
    found = after(*values, sign=sign)

    assert found.best == (None if not values else min(values) if sign == 1 else max(values))
    assert 0 <= found.not_improving <= max(0, len(values) - 1)


@given(objectives)
def test_to_maximise_is_to_minimise_the_opposite(values: list[float]) -> None:
    up, down = after(*values, sign=-1), after(*(-value for value in values))

    assert (up.not_improving, up.converged_at) == (down.not_improving, down.converged_at)


@pytest.mark.parametrize(
    ("best", "target", "sign", "expected"),
    [(0.5, 0.5, 1, True), (0.4, 0.5, 1, True), (0.6, 0.5, 1, False), (0.6, 0.5, -1, True), (0.4, 0.5, -1, False)],
)
def test_a_target_is_met_by_what_is_as_good(best: float, target: float, sign: int, expected: bool) -> None:
    assert is_enough(Progress(best), {"TargetObjectiveMetricValue": target}, sign) is expected


def test_without_criteria_it_is_never_enough() -> None:
    assert not is_enough(Progress(best=0.0, not_improving=1000, converged_at=1.0), {}, 1)
    assert not is_enough(Progress(), {"TargetObjectiveMetricValue": 1.0, **NOT_IMPROVING, **CONVERGENCE}, 1)


def test_each_criterion_alone_is_enough() -> None:
    assert is_enough(Progress(best=1.0, not_improving=3), {**NOT_IMPROVING, **CONVERGENCE}, 1)
    assert is_enough(Progress(best=1.0, converged_at=1.0), {**NOT_IMPROVING, **CONVERGENCE}, 1)
    assert not is_enough(Progress(best=1.0, not_improving=2), {**NOT_IMPROVING, **CONVERGENCE}, 1)


def test_a_search_that_may_complete_on_convergence_does_and_says_when(world: World) -> None:
    found = grid(world, [1.0] * 14, **CONVERGENCE)

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["TrainingJobStatusCounters"]["Completed"] == 1 + 10
    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    details = {
        "NumberOfTrainingJobsObjectiveNotImproving": 10,
        "ConvergenceDetectedTime": max(row["TrainingEndTime"] for row in rows),
    }
    assert found["TuningJobCompletionDetails"] == details


def test_convergence_is_told_of_though_it_is_no_criterion(world: World) -> None:
    found = grid(world, [1.0] * 12 + [0.5])

    assert found["TrainingJobStatusCounters"]["Completed"] == 13
    details = found["TuningJobCompletionDetails"]
    assert details["NumberOfTrainingJobsObjectiveNotImproving"] == 0
    rows = world.training_jobs(found["HyperParameterTuningJobName"])
    assert details["ConvergenceDetectedTime"] == rows[10]["TrainingEndTime"]


def test_a_search_that_has_not_converged_names_no_time(world: World) -> None:
    found = grid(world, [3.0, 2.0, 2.5], ConvergenceDetected={"CompleteOnConvergence": "Disabled"})

    assert found["TuningJobCompletionDetails"] == {"NumberOfTrainingJobsObjectiveNotImproving": 1}
