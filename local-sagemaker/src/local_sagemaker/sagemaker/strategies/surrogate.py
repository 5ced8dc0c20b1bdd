"""A Gaussian process over the unit cube, and its predictions for new points.

With few points, the likelihood alone would mistake noise for structure, so each of the kernel's parameters has a prior:
they are optimised on a logarithmic scale, where each prior is a normal distribution. The formulas are those of
Rasmussen and Williams, Gaussian Processes for Machine Learning, chapters 2 and 5.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from local_sagemaker.sagemaker.strategies.descent import minimum

Array = NDArray[np.float64]
JITTER = 1e-8
_EVALUATIONS = 15
_FARTHEST = 20.0
"""In theta. The priors keep its optimum nearer than that; a first long step may go farther, and overflow."""
_FAR = -30.0
_ROOT = math.sqrt(5)
_erfc = np.vectorize(math.erfc, otypes=[float])


@dataclass(frozen=True)
class _Prior:
    """The median of the parameter, and the deviation of its logarithm."""

    median: float
    deviation: float


_SIGNAL, _NOISE = _Prior(1.0, 0.5), _Prior(0.003, 1.5)


def priors(dimensions: int) -> list[_Prior]:
    """The priors of the signal's variance, each length scale and the noise's variance. The more dimensions, the farther
    apart points are."""
    return [_SIGNAL, *[_Prior(0.4 * dimensions**0.5, 0.6)] * dimensions, _NOISE]


@dataclass(frozen=True)
class Surrogate:
    """`theta` has the logarithms of the signal's variance, of each dimension's length scale and of the noise's
    variance. `inverse` is the inverse of the Cholesky factor of the covariances of `x`, `weights` their solution for
    y, which should have a mean near 0 and a deviation near 1."""

    theta: Array
    x: Array
    inverse: Array
    weights: Array

    @classmethod
    def fitted(cls, x: Array, y: Array) -> Self:
        """Fit the parameters to their maximum a posteriori."""
        known = priors(x.shape[1])
        means = np.log([prior.median for prior in known])
        deviations = np.array([prior.deviation for prior in known])

        def cost(theta: Array) -> tuple[float, Array]:
            if np.max(np.abs(theta)) > _FARTHEST:
                return math.inf, np.zeros_like(theta)
            value, gradient = cls._of(theta, x, y)._unlikelihood(y)
            away = (theta - means) / deviations
            return value + 0.5 * float(away @ away), gradient + away / deviations

        return cls._of(minimum(cost, means, evaluations=_EVALUATIONS), x, y)

    @classmethod
    def _of(cls, theta: Array, x: Array, y: Array) -> Self:
        signal, noise = np.exp(theta[[0, -1]])
        covariances = signal * _matern(_distances(theta, x, x)) + (noise + JITTER) * np.eye(len(x))
        inverse = np.linalg.inv(np.linalg.cholesky(covariances))
        return cls(theta, x, inverse, inverse.T @ (inverse @ y))

    def having_seen(self, x: Array, y: Array) -> Self:
        """Condition the model on other points with the same parameters."""
        return self._of(self.theta, x, y)

    def expected(self, x: Array) -> Array:
        return np.asarray(self._covariances(x) @ self.weights)

    def log_improvement(self, x: Array, best: float) -> Array:
        """The logarithm of the expected improvement of the noiseless value below `best`."""
        covariances = self._covariances(x)
        explained = np.sum((covariances @ self.inverse.T) ** 2, axis=1)
        deviation = np.sqrt(np.maximum(np.exp(self.theta[0]) - explained, 1e-10))
        return np.asarray(log_improvement((best - covariances @ self.weights) / deviation) + np.log(deviation))

    def _covariances(self, x: Array) -> Array:
        return np.asarray(np.exp(self.theta[0]) * _matern(_distances(self.theta, x, self.x)))

    def _unlikelihood(self, y: Array) -> tuple[float, Array]:
        """The negative logarithm of the likelihood of y, and its gradient in `theta`."""
        value = 0.5 * float(y @ self.weights) - float(np.sum(np.log(np.diag(self.inverse))))
        value += 0.5 * len(y) * math.log(2 * math.pi)
        inner = self.inverse.T @ self.inverse - np.outer(self.weights, self.weights)
        signal, noise = np.exp(self.theta[[0, -1]])
        parts = _differences(self.theta, self.x, self.x) ** 2
        r = _ROOT * np.sqrt(parts.sum(axis=2))
        slope = inner * (5 / 3) * (1 + r) * np.exp(-r)
        lengths = np.einsum("ij,ijd->d", slope, parts)
        gradient = [np.sum(inner * _matern(r / _ROOT)) * signal, *(signal * lengths), np.trace(inner) * noise]
        return value, 0.5 * np.array(gradient)


def _differences(theta: Array, a: Array, b: Array) -> Array:
    """For each pair of rows, what they differ by in each dimension, in length scales."""
    scaled = np.exp(-theta[1:-1])
    return np.asarray((a * scaled)[:, None, :] - (b * scaled)[None, :, :])


def _distances(theta: Array, a: Array, b: Array) -> Array:
    return np.asarray(np.sqrt(np.sum(_differences(theta, a, b) ** 2, axis=2)))


def _matern(distances: Array) -> Array:
    """The Matérn correlation of smoothness 5/2."""
    r = _ROOT * distances
    return np.asarray((1 + r + r**2 / 3) * np.exp(-r))


def log_improvement(z: Array) -> Array:
    """log(φ(z) + z Φ(z)), also where the sum itself would underflow to 0."""
    log_density = -0.5 * z**2 - 0.5 * np.log(2 * np.pi)
    near = np.maximum(z, _FAR)
    with np.errstate(over="ignore"):
        ratio = near * 0.5 * _erfc(-near / math.sqrt(2)) * np.exp(0.5 * near**2 + 0.5 * np.log(2 * np.pi))
        far = log_density - 2 * np.log(-np.minimum(z, _FAR))
    return np.asarray(np.where(z > _FAR, log_density + np.log1p(ratio), far))
