"""What parents' results do for a search, and how a search is taken up again after a restart."""

from collections.abc import Mapping

import pytest

from local_sagemaker.sagemaker.strategies import Observation, strategy_for
from support.strategy_world import SEEDS, bounds, choice, config, in_flight, search

RANGES = {"Continuous": [bounds(0, 1), bounds(0, 1, name="y")]}


def cost(values: Mapping[str, str]) -> float:
    """Lowest at x = 0.85, y = 0.2."""
    return (float(values["x"]) - 0.85) ** 2 + (float(values["y"]) - 0.2) ** 2


def parents(seed: int, factor: float = 1.0, shift: float = 0.0) -> list[Observation]:
    """Of a random search; the objectives of other data have another scale."""
    found = search(config("Random", 25, **RANGES), 100 + seed, cost)
    return [Observation({**values, "epochs": "3"}, factor * low + shift, "parent") for values, low in found]


@pytest.mark.parametrize(("identical", "factor", "shift"), [(True, 1.0, 0.0), (False, 1000.0, -50.0)])
def test_a_search_that_knows_its_parents_begins_nearer_to_the_best_point(
    identical: bool, factor: float, shift: float
) -> None:
    asked = config("Bayesian", 4, **RANGES)

    def mean_cost(informed: bool) -> float:
        known = [parents(seed, factor, shift) if informed else [] for seed in SEEDS[:4]]
        found = [search(asked, seed, cost, known[seed], identical) for seed in SEEDS[:4]]
        return sum(low for one in found for _, low in one) / (4 * 4)

    assert mean_cost(True) < mean_cost(False) / 2


def test_very_many_parents_neither_crowd_out_a_searchs_own_points_nor_slow_it_down() -> None:
    """The parents say that x = 0 is best, on other data; here it is the worst."""
    known = [Observation({"x": str(n / 999), "y": "0.5"}, float(n), f"parent {n % 5}") for n in range(1000)]
    strategy = strategy_for(config("Bayesian", 40, **RANGES), 1, known)
    strategy.inform([Observation({"x": str(n / 30), "y": str(n * 7 % 30 / 30)}, -float(n)) for n in range(30)])

    assert float(strategy.ask().values["x"]) > 0.7


def test_parents_of_a_search_that_wants_more_lead_it_to_where_there_is_more() -> None:
    known = [Observation({"x": str(step / 10), "y": "0.5"}, step / 10) for step in range(1, 10)]
    strategy = strategy_for(config("Bayesian", 3, "Maximize", **RANGES), 1, known, True)

    assert float(strategy.ask().values["x"]) > 0.7


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
@pytest.mark.parametrize("identical", [True, False])
def test_only_the_points_of_identical_parents_are_not_tried_again(strategy: str, identical: bool) -> None:
    asked = config(strategy, 3, Integer=[bounds(1, 6)])
    known = [Observation({"x": str(number)}, float(number)) for number in (1, 2, 3)]

    found = {values["x"] for seed in SEEDS[:4] for values, _ in search(asked, seed, parents=known, identical=identical)}

    assert found == {"4", "5", "6"} if identical else found & {"1", "2", "3"}


@pytest.mark.parametrize(
    "values",
    [
        {"x": "1.5", "y": "0.5", "c": "a"},  # beyond the range
        {"x": "0.5", "c": "a"},  # does not say what y was
        {"x": "0.5", "y": "many", "c": "a"},
        {"x": "0.5", "y": "nan", "c": "a"},
        {"x": "0.5", "y": "0.5", "c": "z"},  # no longer a value
    ],
)
def test_a_parents_point_that_is_none_of_this_space_changes_nothing(values: dict[str, str]) -> None:
    asked = config("Bayesian", 5, Categorical=[choice("a", "b")], **RANGES)

    assert search(asked, 3, cost, [Observation(values, 0.0)] * 4) == search(asked, 3, cost)


def test_parents_that_failed_are_no_guide_but_are_not_tried_again() -> None:
    asked = config("Bayesian", 4, Integer=[bounds(1, 5)])

    found = search(asked, 1, parents=[Observation({"x": "3"}, None)], identical=True)

    assert sorted(values["x"] for values, _ in found) == ["1", "2", "4", "5"]


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
@pytest.mark.parametrize("ended", [0, 2, 6])
def test_a_search_taken_up_again_asks_what_it_would_have_asked(strategy: str, ended: int) -> None:
    asked = config(strategy, 9, **RANGES)
    whole = search(asked, 4, cost)

    again = strategy_for(asked, 4)
    again.inform([Observation(values, low) for values, low in whole[:ended]])

    assert in_flight(again, 9 - ended, 1, cost) == [values for values, _ in whole[ended:]]


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_a_point_in_flight_over_a_restart_is_not_asked_for_and_can_be_told_of(strategy: str) -> None:
    asked = config(strategy, 3, Integer=[bounds(1, 3)])
    again = strategy_for(asked, 4)
    again.inform([Observation({"x": "1"}, 1.0)])

    adopted = again.adopt({"x": "2"})

    assert again.ask().values == {"x": "3"}
    again.tell(adopted, 2.0)
    assert again.ask().number == 3


def test_a_grid_taken_up_again_asks_for_the_other_combinations() -> None:
    again = strategy_for(config("Grid", Categorical=[choice("a", "b", "c"), choice("x", "y", name="d")]), 0)

    again.inform([Observation({"c": "a", "d": "x"}, 1.0), Observation({"c": "b", "d": "y"}, None)])
    again.adopt({"c": "c", "d": "x"})

    left = [tuple(again.ask().values.values()) for _ in range(3)]
    assert left == [("a", "y"), ("b", "x"), ("c", "y")]
    with pytest.raises(StopIteration):
        again.ask()
