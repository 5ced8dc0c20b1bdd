"""The minimiser, on functions whose minimum is known."""

import numpy as np
import pytest

from local_sagemaker.sagemaker.strategies.descent import Array, minimum


def bowl(at: Array) -> tuple[float, Array]:
    """Its minimum is at (1, -2), its axes are 1 and 10."""
    away = (at - [1.0, -2.0]) * [1.0, 10.0]
    return float(away @ away), 2 * away * [1.0, 10.0]


def valley(at: Array) -> tuple[float, Array]:
    """Rosenbrock's function, whose minimum is at (1, 1)."""
    x, y = at
    gradient = [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]
    return float((1 - x) ** 2 + 100 * (y - x**2) ** 2), np.array(gradient)


def test_it_finds_the_bottom_of_a_bowl() -> None:
    assert minimum(bowl, np.zeros(2), evaluations=15) == pytest.approx([1.0, -2.0], abs=1e-4)


def test_it_finds_the_bottom_of_a_curved_valley() -> None:
    assert minimum(valley, np.array([-1.2, 1.0]), evaluations=100) == pytest.approx([1.0, 1.0], abs=1e-3)


@pytest.mark.parametrize("evaluations", [1, 2, 3, 5, 8])
def test_it_evaluates_no_more_often_than_it_may_and_never_ends_higher(evaluations: int) -> None:
    seen: list[float] = []

    def cost(at: Array) -> tuple[float, Array]:
        value, gradient = valley(at)
        seen.append(value)
        return value, gradient

    found = minimum(cost, np.array([-1.2, 1.0]), evaluations)

    assert len(seen) <= evaluations
    assert valley(found)[0] <= seen[0]


@pytest.mark.parametrize("beyond", [np.nan, np.inf])
def test_it_steps_back_from_where_there_is_no_value(beyond: float) -> None:
    def cost(at: Array) -> tuple[float, Array]:
        value, gradient = bowl(at)
        return (value, gradient) if at[1] > -2.1 else (beyond, np.full(2, np.nan))

    assert minimum(cost, np.zeros(2), evaluations=30) == pytest.approx([1.0, -2.0], abs=1e-3)


def test_it_stays_at_a_minimum() -> None:
    start = np.array([1.0, -2.0])

    assert minimum(bowl, start, evaluations=15) is start
