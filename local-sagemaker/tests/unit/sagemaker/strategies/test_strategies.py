"""Which hyperparameters the strategies ask for."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_sagemaker.sagemaker.strategies import plain
from support.strategy_world import SEEDS, bounds, choice, config, points, search


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
@settings(max_examples=25, deadline=None)
def test_every_value_lies_in_its_range(
    real: dict[str, str], whole: dict[str, str], values: list[str], strategy: str, seed: int
) -> None:
    asked = config(strategy, 5, Continuous=[real], Integer=[{**whole, "Name": "n"}], Categorical=[choice(*values)])

    found = [point for point, _ in search(asked, seed, lambda point: float(point["x"]))]

    for point in found:
        assert float(real["MinValue"]) <= float(point["x"]) <= float(real["MaxValue"])
        assert int(whole["MinValue"]) <= int(point["n"]) <= int(whole["MaxValue"])
        assert point["c"] in values


def test_a_reversed_value_does_not_fall_short_of_its_range_by_rounding() -> None:
    assert 1 - (1 - 0.1) < 0.1
    asked = config("Random", 3, Continuous=[bounds("0.1", "0.10000000000000002", "ReverseLogarithmic")])

    assert min(points(asked, 1, 3)) >= 0.1


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
@pytest.mark.parametrize(
    ("ends", "is_logarithmic"), [(("0.001", "0.0999"), False), (("0.001", "0.1"), True), (("0", "1000"), False)]
)
def test_auto_scaling_is_logarithmic_from_a_hundredfold_range_on(
    strategy: str, ends: tuple[str, str], is_logarithmic: bool
) -> None:
    low, high = map(float, ends)
    middle = (low * high) ** 0.5 if is_logarithmic else (low + high) / 2
    asked = config(strategy, 3, Continuous=[bounds(*ends, "Auto")])

    below = [sum(x <= middle * 1.000001 for x in points(asked, seed, 3)) for seed in range(40)]

    # 120 throws of a coin deviate by 5.5; a Bayesian start lies at the middle, below and above it
    assert abs(sum(below) - 60) <= 22 if strategy == "Random" else set(below) == {2}


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
    asked = config(strategy, 6, Continuous=[bounds(-1, 1)], Integer=[bounds(1, 100, name="n")])

    first, again, other = (search(asked, seed, lambda point: float(point["x"]) ** 2) for seed in (7, 7, 8))

    assert first == again
    assert not [point for point in first[1:] if point in other]  # a Bayesian search begins in the middle


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_no_point_is_asked_for_twice_while_there_are_many_others(strategy: str) -> None:
    asked = config(strategy, 20, Integer=[bounds(1, 200)])

    for seed in SEEDS[:2]:
        assert len(set(points(asked, seed, 20))) == 20


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_a_small_space_is_asked_for_whole_before_a_point_comes_twice(strategy: str) -> None:
    asked = config(strategy, 14, Integer=[bounds(1, 4)], Categorical=[choice("a", "b", "c"), choice("one", name="d")])

    found = [tuple(values.values()) for values, _ in search(asked, 5, lambda values: int(values["x"]))]

    every = set(itertools.product("1234", "abc", ["one"]))
    assert set(found[:12]) == every and set(found[12:]) <= every


def test_a_grid_has_each_combination_once() -> None:
    values = {"a": ["1", "2"], "b": ["x", "y", "z"], "c": ["TRUE", "FALSE"]}
    asked = config("Grid", Categorical=[{"Name": name, "Values": found} for name, found in values.items()])

    found = [tuple(point.values()) for point, _ in search(asked, 0)]

    assert len(found) == 2 * 3 * 2
    assert set(found) == set(itertools.product(*values.values()))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_out_in_plain_decimals_that_lose_nothing(number: float) -> None:
    assert float(plain(number)) == number and not set(plain(number)) - set("-.0123456789")
