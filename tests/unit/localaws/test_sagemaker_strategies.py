"""Which hyperparameters the strategies ask for."""

import itertools
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localaws.sagemaker.strategies import number_of_jobs, plain, strategy_for

SEEDS = range(10)


def config(strategy: str = "Random", jobs: int = 9, **ranges: list[dict[str, Any]]) -> dict[str, Any]:
    limits = {} if strategy == "Grid" else {"MaxNumberOfTrainingJobs": jobs}
    return {
        "Strategy": strategy,
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxParallelTrainingJobs": 1, **limits},
        "ParameterRanges": {f"{kind}ParameterRanges": found for kind, found in ranges.items()},
    }


def bounds(low: Any, high: Any, scaling: str = "Linear", name: str = "x") -> dict[str, str]:
    return {"Name": name, "MinValue": str(low), "MaxValue": str(high), "ScalingType": scaling}


def search(asked: dict[str, Any], seed: int, cost: Any = lambda values: 0.0) -> list[tuple[dict[str, str], float]]:
    """Every point that is asked for, one after the other, with its cost."""
    strategy, found = strategy_for(asked, seed), []
    for _ in range(number_of_jobs(asked)):
        suggestion = strategy.ask()
        strategy.tell(suggestion, cost(suggestion.values))
        found.append((suggestion.values, cost(suggestion.values)))
    return found


def points(asked: dict[str, Any], seed: int, number: int) -> list[float]:
    """The first values of `x`."""
    return [float(values["x"]) for values, _ in search(asked, seed)[:number]]


@st.composite
def integer_ranges(draw: st.DrawFn) -> dict[str, str]:
    scaling = draw(st.sampled_from(["Auto", "Linear", "Logarithmic"]))
    low = draw(st.integers(1 if scaling == "Logarithmic" else -(10**12), 10**12))
    return bounds(low, low + draw(st.integers(1, 10**12)), scaling)


@st.composite
def continuous_ranges(draw: st.DrawFn) -> dict[str, str]:
    scaling = draw(st.sampled_from(["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"]))
    least, most = {"Logarithmic": (1e-12, 1e12), "ReverseLogarithmic": (0.0, 0.9999999)}.get(scaling, (-1e12, 1e12))
    ends = st.lists(st.floats(least, most), min_size=2, max_size=2, unique=True)
    low, high = sorted(draw(ends))
    return bounds(repr(low), repr(high), scaling)


@given(
    continuous_ranges(), integer_ranges(), st.lists(st.text(max_size=3), min_size=1, max_size=5, unique=True),
    st.sampled_from(["Random", "Bayesian"]), st.integers(0, 2**31 - 1),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_every_value_lies_in_its_range(
    real: dict[str, str], whole: dict[str, str], values: list[str], strategy: str, seed: int
) -> None:
    asked = config(
        strategy, 7, Continuous=[real], Integer=[{**whole, "Name": "n"}], Categorical=[{"Name": "c", "Values": values}]
    )

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning)  # two neighbouring floats have one logarithm
        warnings.filterwarnings("error", "Fixed parameter")  # Optuna warns of a start out of range, and takes it
        found = [point for point, _ in search(asked, seed, lambda point: float(point["x"]))]

    for point in found:
        assert float(real["MinValue"]) <= float(point["x"]) <= float(real["MaxValue"])
        assert int(whole["MinValue"]) <= int(point["n"]) <= int(whole["MaxValue"])
        assert point["c"] in values


def test_a_reversed_value_does_not_fall_short_of_its_range_by_rounding() -> None:
    assert 1 - (1 - 0.1) < 0.1
    asked = config("Random", 3, Continuous=[bounds("0.1", "0.10000000000000002", "ReverseLogarithmic")])

    assert min(points(asked, 1, 3)) >= 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_start_has_a_point_in_each_third_of_a_logarithmic_range(seed: int) -> None:
    asked = config("Bayesian", 9, Continuous=[bounds("0.000001", "1", "Logarithmic")])

    low, middle, high = sorted(points(asked, seed, 9 // 3))

    assert 1e-6 <= low <= 1e-4 <= middle <= 1e-2 <= high <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_start_has_a_point_in_each_third_of_a_reversed_logarithmic_range(seed: int) -> None:
    asked = config("Bayesian", 9, Continuous=[bounds("0", "0.999999", "ReverseLogarithmic")])

    low, middle, high = sorted(1 - x for x in points(asked, seed, 9 // 3))

    assert low <= 1.001e-4 and 0.999e-4 <= middle <= 1.001e-2 and high >= 0.999e-2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_start_has_a_point_in_each_third_of_a_logarithmic_range_of_whole_numbers(seed: int) -> None:
    asked = config("Bayesian", 9, Integer=[bounds(1, 10**6, "Logarithmic")])

    low, middle, high = sorted(points(asked, seed, 9 // 3))

    assert low <= 10**2 and 10**2 / 2 <= middle <= 10**4 and high >= 10**4 / 2  # a whole number is half a unit wide


@pytest.mark.parametrize("seed", SEEDS)
def test_the_start_has_each_of_five_whole_numbers_below_zero_once(seed: int) -> None:
    asked = config("Bayesian", 15, Integer=[bounds(-5, -1)], Continuous=[bounds(0, 1, name="y")])

    found = sorted(points(asked, seed, 15 // 3))

    assert found == [-5, -4, -3, -2, -1]


@pytest.mark.parametrize(
    ("scaling", "ends", "middle"),
    [
        ("Linear", ("0", "1"), 0.5),
        ("Logarithmic", ("0.0001", "1"), 0.01),
        ("ReverseLogarithmic", ("0", "0.9999"), 1 - 0.01),
    ],
)
def test_half_of_the_random_points_lie_below_the_middle_of_their_scale(
    scaling: str, ends: tuple[str, str], middle: float
) -> None:
    asked = config("Random", 400, Continuous=[bounds(*ends, scaling)])

    below = sum(x < middle for x in points(asked, 3, 400))

    assert abs(below - 200) <= 4 * 10  # four standard deviations of 400 throws of a coin


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_the_same_seed_asks_for_the_same_points_and_another_for_others(strategy: str) -> None:
    asked = config(strategy, 9, Continuous=[bounds(-1, 1)], Integer=[bounds(1, 100, name="n")])

    first, again, other = (search(asked, seed, lambda point: float(point["x"]) ** 2) for seed in (7, 7, 8))

    assert first == again
    assert not [point for point in first if point in other]


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_no_point_is_asked_for_twice_while_there_are_many_others(strategy: str) -> None:
    asked = config(strategy, 30, Integer=[bounds(1, 200)])

    for seed in SEEDS:
        assert len(set(points(asked, seed, 30))) == 30


def test_a_grid_has_each_combination_once() -> None:
    values = {"a": ["1", "2"], "b": ["x", "y", "z"], "c": ["TRUE", "FALSE"]}
    asked = config("Grid", Categorical=[{"Name": name, "Values": found} for name, found in values.items()])

    found = [tuple(point.values()) for point, _ in search(asked, 0)]

    assert len(found) == 2 * 3 * 2
    assert set(found) == set(itertools.product(*values.values()))


def test_a_bayesian_search_gets_nearer_to_the_lowest_point_than_chance() -> None:
    ranges = [bounds(-1, 1), bounds(-1, 1, name="y")]

    def cost(point: dict[str, str]) -> float:
        return (float(point["x"]) - 0.3) ** 2 + (float(point["y"]) + 0.4) ** 2

    def mean_best(strategy: str) -> float:
        asked = config(strategy, 25, Continuous=ranges)
        return sum(min(found for _, found in search(asked, seed, cost)) for seed in SEEDS) / len(SEEDS)

    assert mean_best("Bayesian") < mean_best("Random") / 2


def test_a_failed_training_job_does_not_end_the_search() -> None:
    strategy = strategy_for(config("Bayesian", 9, Continuous=[bounds(-1, 1)]), 1)

    for _ in range(9):
        strategy.tell(strategy.ask(), None)

    assert -1 <= float(strategy.ask().values["x"]) <= 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_out_in_plain_decimals_that_lose_nothing(number: float) -> None:
    assert float(plain(number)) == number and not set(plain(number)) - set("-.0123456789")
