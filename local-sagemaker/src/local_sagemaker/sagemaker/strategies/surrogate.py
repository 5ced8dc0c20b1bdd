"""A Gaussian process over the unit cube, fitted by scikit-learn, and its predictions for new points.

With few points, the likelihood alone would mistake noise for structure, so each of the kernel's parameters has a prior:
they are optimised on a logarithmic scale, where each prior is a normal distribution.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_ndtr
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

Array = NDArray[np.float64]
_JITTER = 1e-8
_FEW = 30
_WIDE = (1e-9, 1e9)
"""Bounds that no parameter reaches because of the priors."""
_FAR = -30.0


@dataclass(frozen=True)
class _Prior:
    """The median of the parameter, and the deviation of its logarithm."""

    median: float
    deviation: float


_SIGNAL, _NOISE = _Prior(1.0, 0.5), _Prior(0.003, 1.5)


def _length(dimensions: int) -> _Prior:
    """The prior of a length scale: the more dimensions, the farther apart points are."""
    return _Prior(0.4 * dimensions**0.5, 0.6)


@dataclass(frozen=True)
class Surrogate:
    """`y` should have a mean near 0 and a deviation near 1."""

    process: Any

    @classmethod
    def fitted(cls, x: Array, y: Array) -> Self:
        """Fit the parameters to their maximum a posteriori."""
        length = _length(x.shape[1])
        kernel = ConstantKernel(_SIGNAL.median, _WIDE) * Matern(
            np.full(x.shape[1], length.median), _WIDE, nu=2.5
        ) + WhiteKernel(_NOISE.median, _WIDE)
        optimizer = _optimizer([_SIGNAL, *[length] * x.shape[1], _NOISE], steps=15 if len(y) <= _FEW else 8)
        return cls(GaussianProcessRegressor(kernel, alpha=_JITTER, optimizer=optimizer).fit(x, y))

    def having_seen(self, x: Array, y: Array) -> Self:
        """Condition the model on other points with the same parameters."""
        return type(self)(GaussianProcessRegressor(self.process.kernel_, alpha=_JITTER, optimizer=None).fit(x, y))

    def expected(self, x: Array) -> Array:
        return np.asarray(self.process.predict(x))

    def log_improvement(self, x: Array, best: float) -> Array:
        """The logarithm of the expected improvement of the noiseless value below `best`."""
        mean, deviation = self.process.predict(x, return_std=True)
        noise = np.exp(self.process.kernel_.theta[-1])
        deviation = np.sqrt(np.maximum(deviation**2 - noise, 1e-10))
        return np.asarray(_log_improvement((best - mean) / deviation) + np.log(deviation))


def _log_improvement(z: Array) -> Array:
    """log(φ(z) + z Φ(z)), also where the sum itself would underflow to 0."""
    log_density = -0.5 * z**2 - 0.5 * np.log(2 * np.pi)
    near = np.maximum(z, _FAR)
    ratio = near * np.exp(log_ndtr(near) + 0.5 * near**2 + 0.5 * np.log(2 * np.pi))
    far = log_density - 2 * np.log(-np.minimum(z, _FAR))
    return np.asarray(np.where(z > _FAR, log_density + np.log1p(ratio), far))


def _optimizer(priors: list[_Prior], steps: int) -> Callable[[Any, Array, Array], tuple[Array, float]]:
    means = np.log([prior.median for prior in priors])
    deviations = np.array([prior.deviation for prior in priors])

    def optimize(cost: Any, start: Array, bounds: Array) -> tuple[Array, float]:
        def with_prior(theta: Array) -> tuple[float, Array]:
            value, gradient = cost(theta)
            away = (theta - means) / deviations
            return value + 0.5 * float(away @ away), gradient + away / deviations

        found = minimize(with_prior, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxfun": steps})
        return found.x, float(found.fun)

    return optimize
