"""Kernel ridge regression."""

import numpy as np
import pytest

from local_sagemaker.example_image.regression import cross_validated_mse, fit

X = np.linspace(0, 6, 60)[:, None]
Y = np.sin(X[:, 0])


def test_it_predicts_a_curve_between_the_rows_that_it_was_fitted_to() -> None:
    model = fit(X, Y, alpha=1e-4, gamma=3.0)

    between = X[10:50] + 0.05
    assert model.predict(between) == pytest.approx(np.sin(between[:, 0]), abs=0.01)


def test_with_two_rows_it_is_the_solution_that_can_be_computed_by_hand() -> None:
    # The rows are standardised to -1 and 1, so the kernel between them is exp(-4 gamma) = 1/2, and the weights solve
    # (1 + 1) w - w/2 = 1.
    model = fit(np.array([[3.0], [5.0]]), np.array([9.0, 11.0]), alpha=1.0, gamma=np.log(2) / 4)

    assert model.weights == pytest.approx([-2 / 3, 2 / 3])
    assert model.predict(np.array([[5.0]])) == pytest.approx([10 + 2 / 3 - 1 / 3])


def test_a_column_that_never_changes_has_no_influence() -> None:
    constant = np.hstack([X, np.full_like(X, 7.0)])

    assert fit(constant, Y, 0.1, 0.1).predict(constant) == pytest.approx(fit(X, Y, 0.1, 0.1).predict(X))


def test_with_a_strong_penalty_it_predicts_the_mean() -> None:
    assert fit(X, Y, alpha=1e9, gamma=1.0).predict(X) == pytest.approx(np.full(60, Y.mean()), abs=1e-6)


def test_the_objective_is_the_error_for_rows_that_were_left_out() -> None:
    noise = np.random.default_rng(1).normal(size=60)

    overfitted = fit(X, noise, alpha=1e-9, gamma=1e6)

    assert overfitted.predict(X) == pytest.approx(noise)
    assert cross_validated_mse(X, noise, alpha=1e-9, gamma=1e6, folds=5) > 0.5 * noise.var()


def test_the_objective_is_the_same_in_each_training_job() -> None:
    assert cross_validated_mse(X, Y, 0.1, 0.1, 5) == cross_validated_mse(X, Y, 0.1, 0.1, 5)


def test_the_objective_with_a_fold_for_each_row_is_that_of_leaving_one_out() -> None:
    x, y = X[:8], Y[:8]
    errors = [fit(np.delete(x, i, 0), np.delete(y, i), 0.1, 0.1).predict(x[i : i + 1])[0] - y[i] for i in range(8)]

    assert cross_validated_mse(x, y, 0.1, 0.1, folds=8) == pytest.approx(np.mean(np.square(errors)))
