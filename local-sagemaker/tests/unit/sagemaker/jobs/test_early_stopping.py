"""TrainingJobEarlyStoppingType Auto: the median rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.jobs.early_stopping import running_averages, stops
from support.sagemaker_world import World

numbers = st.floats(-1e6, 1e6)
curve = st.lists(numbers, min_size=1, max_size=6)
completed = st.lists(curve, max_size=8)
OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"
FOURTH_IS_BAD = """
bad = given["n"] == "4"
for epoch in range(5):
    say(f"mse={9 if bad else 1}")
    if bad:
        time.sleep(60)
"""


def judged(found: list[float], others: list[list[float]], sign: int = 1) -> bool:
    return stops(found, [running_averages(other) for other in others], sign)


def test_running_averages_are_the_means_up_to_each_epoch() -> None:
    assert running_averages([4.0, 2.0, 3.0, 7.0]) == [4.0, 3.0, 3.0, 4.0]


@pytest.mark.parametrize(("last", "is_stopped"), [(3.9, False), (4.0, False), (4.1, True)])
def test_the_last_objective_is_compared_with_the_median_of_running_averages(last: float, is_stopped: bool) -> None:
    others = [[9.0, 1.0], [2.0, 6.0], [1.0, 1.0], [5.0, 3.0]]  # averages at epoch 2: 5, 4, 1, 4, whose median is 4

    assert judged([0.0, last], others) is is_stopped


def test_to_maximise_the_lower_is_the_worse() -> None:
    others = [[1.0], [2.0], [3.0]]

    assert judged([1.9], others, sign=-1)
    assert not judged([2.0], others, sign=-1)


def test_who_ended_at_an_earlier_epoch_does_not_count() -> None:
    others = [[1.0, 1.0], [1.0, 1.0], [1.0]]

    assert judged([9.0], others)
    assert not judged([9.0, 9.0], others)  # only two reached the second epoch


@given(curve, st.lists(curve, max_size=2))
def test_with_fewer_than_three_completed_none_is_stopped(found: list[float], others: list[list[float]]) -> None:
    assert not judged(found, others)


@given(curve, completed)
def test_who_is_better_than_all_that_was_seen_goes_on(found: list[float], others: list[list[float]]) -> None:
    lowest = min(value for other in [*others, found] for value in other)

    assert not judged([*found[:-1], lowest - 1], others)


@given(curve, completed)
def test_to_maximise_is_to_minimise_the_opposite(found: list[float], others: list[list[float]]) -> None:
    opposite = [[-value for value in other] for other in others]

    assert judged(found, others) == judged([-value for value in found], opposite, sign=-1)


def test_a_training_job_that_falls_behind_is_stopped_and_keeps_its_objective(world: World) -> None:
    ranges = {"CategoricalParameterRanges": [{"Name": "n", "Values": ["1", "2", "3", "4", "5"]}]}
    name = world.tune(
        FOURTH_IS_BAD, jobs=5, Strategy="Grid", ParameterRanges=ranges, TrainingJobEarlyStoppingType="Auto"
    )

    found = world.tuned(name)

    rows = world.training_jobs(name)
    assert [row["TrainingJobStatus"] for row in rows] == ["Completed", "Completed", "Completed", "Stopped", "Completed"]
    assert (rows[3]["ObjectiveStatus"], rows[3][OBJECTIVE]["Value"]) == ("Succeeded", 9.0)
    assert world.statuses("TrainingJobStatus", rows[3]["TrainingJobName"]) == ["InProgress", "Stopping", "Stopped"]
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"n": "1"}


def test_without_early_stopping_who_falls_behind_goes_on(world: World) -> None:
    ranges = {"CategoricalParameterRanges": [{"Name": "n", "Values": ["1", "2", "3", "4"]}]}
    patient = FOURTH_IS_BAD.replace("time.sleep(60)", "time.sleep(0.1)")

    found = world.tuned(world.tune(patient, jobs=4, Strategy="Grid", ParameterRanges=ranges))

    assert found["TrainingJobStatusCounters"]["Completed"] == 4
