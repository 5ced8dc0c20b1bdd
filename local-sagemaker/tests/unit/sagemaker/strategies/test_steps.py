"""What trees tell of hyperparameters that act in steps, and what the search makes of it."""

from collections.abc import Mapping

import numpy as np
import pytest

from local_sagemaker.sagemaker.strategies import Observation, strategy_for
from local_sagemaker.sagemaker.strategies.steps import share_with_best
from support.strategy_world import SEEDS, bounds, config


def test_between_points_of_the_best_cost_all_trees_see_its_step_and_elsewhere_as_many_as_cut_beyond() -> None:
    x = np.array([[0.0], [0.2], [0.4], [0.8], [1.0]])
    costs = np.array([1.0, 0.0, 0.0, 2.0, 3.0])

    between, middle, far = share_with_best(x, costs, 0.0, np.array([[0.3], [0.6], [0.9]]), np.random.default_rng(1))

    assert between == 1.0  # no tree cuts between equals
    assert 0.2 < middle < 0.8  # a cut between 0.4 and 0.8 is drawn evenly: half of 30 trees, give or take 9
    assert far == 0.0


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_a_best_cost_that_was_found_again_and_again_is_left_for_elsewhere(seed: int) -> None:
    """One step is half of the space. There is nothing more to find on it; a better one may lie where nobody was."""
    asked = config("Bayesian", 20, Continuous=[bounds(0, 1), bounds(0, 1, name="y")])
    strategy = strategy_for(asked, seed)

    def cost(values: Mapping[str, str]) -> float:
        return 1.0 if float(values["x"]) < 0.5 else 2.0 + float(values["x"])

    strategy.inform(Observation(point, cost(point)) for point in grid(4))
    found = []
    for _ in range(6):
        suggestion = strategy.ask()
        found.append(suggestion.values)
        strategy.tell(suggestion, cost(suggestion.values))

    assert sum(float(point["x"]) > 0.375 for point in found) >= 2  # beyond the step's known part


def grid(steps: int) -> list[dict[str, str]]:
    places = [(number + 0.5) / steps for number in range(steps)]
    return [{"x": str(x), "y": str(y)} for x in places for y in places]
