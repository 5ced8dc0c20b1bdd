"""The Gaussian process against values that can be worked out without it."""

import math

import numpy as np
import pytest

from local_sagemaker.sagemaker.strategies.surrogate import Surrogate

ROWS = np.random.default_rng(1).random((12, 2))
COSTS = np.sin(5 * ROWS[:, 0]) - np.sin(5 * ROWS[:, 0]).mean()
SIGNAL, LENGTH, NOISE = 2.0, 0.5, 0.1
THETA = np.log([SIGNAL, LENGTH, LENGTH, NOISE])


def test_of_one_point_another_gets_its_share_by_the_matern_correlation() -> None:
    model = Surrogate._of(THETA, np.array([[0.0, 0.0]]), np.array([3.0]))

    far = math.sqrt(5) * 0.3 / LENGTH
    correlation = (1 + far + far**2 / 3) * math.exp(-far)
    assert model.expected(np.array([[0.3, 0.0]])) == pytest.approx([3.0 * SIGNAL * correlation / (SIGNAL + NOISE)])


def test_far_from_all_points_the_improvement_is_that_of_the_prior() -> None:
    """At z = 0 the expected improvement is the deviation times the normal density at 0."""
    model = Surrogate._of(THETA, ROWS, COSTS)

    found = model.log_improvement(np.array([[1e6, 1e6]]), best=0.0)

    assert found == pytest.approx([math.log(math.sqrt(SIGNAL) / math.sqrt(2 * math.pi))])


def test_an_improvement_that_is_hardly_possible_is_still_a_finite_number_and_less_for_less() -> None:
    model = Surrogate._of(THETA, ROWS, COSTS)

    found = [float(model.log_improvement(ROWS[:1], best)[0]) for best in (0.0, -10.0, -20.0, -100.0, -1e4)]

    assert all(math.isfinite(value) for value in found)
    assert found == sorted(found, reverse=True)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    _, gradient = Surrogate._of(THETA, ROWS, COSTS)._unlikelihood(COSTS)

    for place, found in enumerate(gradient):
        step = 1e-6 * np.eye(len(THETA))[place]
        above, below = (Surrogate._of(THETA + sign * step, ROWS, COSTS)._unlikelihood(COSTS)[0] for sign in (1, -1))
        assert found == pytest.approx((above - below) / 2e-6, rel=1e-4, abs=1e-5)


def test_a_column_without_influence_gets_the_longer_length_scale() -> None:
    _, first, second, _ = Surrogate.fitted(ROWS, COSTS / COSTS.std()).theta

    assert second > first


def test_the_fitted_model_predicts_what_it_has_seen_and_what_lies_between() -> None:
    model = Surrogate.fitted(ROWS, COSTS)

    between = (ROWS[:-1] + ROWS[1:]) / 2
    truth = np.sin(5 * between[:, 0]) - np.sin(5 * ROWS[:, 0]).mean()
    assert np.abs(model.expected(ROWS) - COSTS).max() < 0.05
    assert np.abs(model.expected(between) - truth).max() < 0.2


def test_the_same_point_seen_twice_is_no_obstacle() -> None:
    model = Surrogate.fitted(np.zeros((5, 2)), np.array([1.0, -1.0, 0.0, 0.5, -0.5]))

    assert np.isfinite(model.log_improvement(np.zeros((1, 2)), best=-1.0)).all()


def test_points_seen_later_change_the_predictions_and_not_the_parameters() -> None:
    model = Surrogate._of(THETA, ROWS, COSTS)

    later = model.having_seen(np.vstack([ROWS, [[5.0, 5.0]]]), np.append(COSTS, 2.0))

    assert (later.theta == model.theta).all()
    assert later.expected(np.array([[5.0, 5.0]])) == pytest.approx([2.0 * SIGNAL / (SIGNAL + NOISE)], rel=1e-3)


@pytest.mark.parametrize(("seed", "points"), [(2586, 19), (2890, 26)])
@pytest.mark.filterwarnings("error")
def test_a_step_in_the_costs_does_not_make_the_fit_overflow(seed: int, points: int) -> None:
    """A step is best fitted by a length of next to nothing, to which the first long move goes far beyond."""
    generator = np.random.default_rng(seed)
    generator.integers(1, 5), generator.integers(3, 31)
    rows = generator.random((points, 3))
    costs = (rows[:, 0] > 0.5) * 1.0
    costs = (costs - costs.mean()) / costs.std()

    fitted = Surrogate.fitted(rows, costs)

    assert np.all(np.isfinite(fitted.expected(rows)))
    assert np.all(np.isfinite(fitted.log_improvement(rows, float(costs.min()))))
