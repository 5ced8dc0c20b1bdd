"""Kernel ridge regression with a Gaussian kernel.

It solves a system of equations as large as the number of rows, which limits it to small data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 5000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Regression:
    """`rows` are standardised by `centre` and `scale`; `offset` is the mean of the target."""

    gamma: float
    centre: Floats
    scale: Floats
    offset: float
    rows: Floats
    weights: Floats

    def predict(self, x: Floats) -> Floats:
        kernel = _kernel((x - self.centre) / self.scale, self.rows, self.gamma)
        return np.asarray(kernel @ self.weights + self.offset)


def fit(x: Floats, y: Floats, alpha: float, gamma: float) -> Regression:
    """`alpha` is the penalty on large weights, `gamma` how fast a row's influence falls with the distance from it."""
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale == 0] = 1
    rows, offset = (x - centre) / scale, float(y.mean())
    penalised = _kernel(rows, rows, gamma) + alpha * np.eye(len(rows))
    weights: Floats = np.linalg.solve(penalised, y - offset).astype(np.float64)
    return Regression(gamma, centre, scale, offset, rows, weights)


def cross_validated_mse(x: Floats, y: Floats, alpha: float, gamma: float, folds: int) -> float:
    """The mean squared error of predictions for rows that were left out; the folds are the same in each call."""
    fold = np.random.default_rng(0).permutation(len(y)) % folds
    errors = np.empty_like(y)
    for left_out in (fold == number for number in range(folds)):
        model = fit(x[~left_out], y[~left_out], alpha, gamma)
        errors[left_out] = model.predict(x[left_out]) - y[left_out]
    return float(np.mean(errors**2))


def _kernel(a: Floats, b: Floats, gamma: float) -> Floats:
    distances = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.asarray(np.exp(-gamma * np.maximum(distances, 0)))
