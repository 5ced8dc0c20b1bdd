"""Which training jobs Hyperband stops, and what that saves."""

from typing import Any

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.rules.hyperband import Hyperband, is_among_the_best, resources
from support.sagemaker_world import World

values = st.floats(-1e3, 1e3)
curves = st.lists(st.lists(values, min_size=9, max_size=9), min_size=1, max_size=12)
signs = st.sampled_from([1, -1])
PRINTS_EPOCHS = """
for epoch in range(1, 1000):
    say(f'mse={float(given["x"]) ** 2 + 1 / epoch}')
    time.sleep(1 if epoch in (1, 3, 9) else 0.01)
"""
"""Without end: only being told to stop ends it. It waits where it may be told, so that little is printed in vain."""


def interleaved(found: list[list[float]], rule: Hyperband, sign: int) -> list[int]:
    """How many epochs each training job ran, all of them side by side, an epoch each in turn."""
    printed: list[list[float]] = [[] for _ in found]
    running = list(range(len(found)))
    while running:
        for number in list(running):
            own = printed[number]
            own.append(found[number][len(own)])
            if rule.stops(own, [other for other in printed if other is not own], sign):
                running.remove(number)
    return [len(own) for own in printed]


def test_rungs_are_the_least_resource_and_its_multiples_by_powers_of_three() -> None:
    assert [epoch for epoch in range(1, 100) if Hyperband(1, 100).is_rung(epoch)] == [1, 3, 9, 27, 81]
    assert [epoch for epoch in range(1, 100) if Hyperband(4, 100).is_rung(epoch)] == [4, 12, 36]


@pytest.mark.parametrize(
    ("value", "rivals", "goes_on"),
    [
        (1.0, [], True),
        (2.0, [1.0], False),  # fewer than three: only the best
        (1.0, [2.0, 3.0, 4.0, 5.0, 6.0], True),
        (2.0, [1.0, 3.0, 4.0, 5.0, 6.0], True),  # second of six: a third of them go on
        (3.0, [1.0, 2.0, 4.0, 5.0, 6.0], False),
        (2.0, [1.0, 3.0, 4.0, 5.0], False),  # a third of five is one
        (1.0, [1.0, 1.0], True),  # as good as the best
    ],
)
def test_the_best_third_of_a_rung_goes_on(value: float, rivals: list[float], goes_on: bool) -> None:
    assert is_among_the_best(value, rivals) is goes_on


@given(curves, signs, st.integers(1, 9))
def test_none_is_stopped_before_the_least_resource_and_all_at_the_most(
    found: list[list[float]], sign: int, least: int
) -> None:
    epochs = interleaved(found, Hyperband(least, 9), sign)

    assert all(least <= count <= 9 for count in epochs)


@given(curves, signs)
def test_who_is_best_at_every_epoch_gets_all_of_the_resource(found: list[list[float]], sign: int) -> None:
    winner = [-sign * 1e4] * 9

    assert interleaved([*found, winner], Hyperband(1, 9), sign)[-1] == 9


@given(curves)
def test_to_maximise_is_to_minimise_the_opposite(found: list[list[float]]) -> None:
    opposite = [[-value for value in curve] for curve in found]

    assert interleaved(found, Hyperband(1, 9), -1) == interleaved(opposite, Hyperband(1, 9), 1)


@given(curves, signs, st.integers(1, 3))
def test_optunas_successive_halving_stops_the_same_training_jobs(
    found: list[list[float]], sign: int, least: int
) -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=least, reduction_factor=3)
    study = optuna.create_study(direction="minimize" if sign == 1 else "maximize", pruner=pruner)
    trials = [study.ask() for _ in found]
    epochs, running = [0] * len(found), list(range(len(found)))
    while running:
        for number in list(running):
            epochs[number] += 1
            trials[number].report(found[number][epochs[number] - 1], epochs[number])
            if epochs[number] == 9 or trials[number].should_prune():
                running.remove(number)

    assert interleaved(found, Hyperband(least, 9), sign) == epochs


@pytest.mark.parametrize(
    ("given_resources", "static", "expected"),
    [
        ({"MinResource": 2, "MaxResource": 20}, {}, (2, 20)),
        ({"MaxResource": 20}, {"epochs": "7"}, (1, 20)),
        ({}, {"epochs": "7"}, (1, 7)),
        ({"MinResource": 2}, {"num_epochs": "8"}, (2, 8)),
        ({}, {"numepochs": "3"}, (1, 3)),
        ({}, {"n-epochs": "4"}, (1, 4)),
        ({}, {"n_epochs": "5"}, (1, 5)),
        ({}, {"epochs": "many"}, None),
        ({}, {}, None),
    ],
)
def test_the_most_resource_is_given_or_inferred(given_resources: Any, static: Any, expected: Any) -> None:
    config = {"StrategyConfig": {"HyperbandStrategyConfig": given_resources}}

    assert resources(config, static) == expected


def test_the_winner_gets_all_epochs_and_the_losers_are_stopped_early(world: World) -> None:
    most = {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}}
    name = world.tune(PRINTS_EPOCHS, jobs=9, parallel=3, Strategy="Hyperband", StrategyConfig=most)

    found = world.tuned(name)

    rows = world.training_jobs(name)
    spent = {row["TrainingJobName"]: world.log(row["TrainingJobName"]).count("mse=") for row in rows}
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["TrainingJobStatusCounters"]["Stopped"] == found["ObjectiveStatusCounters"]["Succeeded"] == 9
    best = found["BestTrainingJob"]
    assert best["TunedHyperParameters"]["x"] == min((row["TunedHyperParameters"]["x"] for row in rows), key=_distance)
    assert spent[best["TrainingJobName"]] >= 9
    assert min(spent.values()) < 9, "some loser was stopped before the most that it could get"


def _distance(x: str) -> float:
    return abs(float(x))
