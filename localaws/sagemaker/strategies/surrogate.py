"""A Gaussian process over the unit cube, and what it expects of points that nobody has tried.

scikit-learn fits it. With a handful of points the likelihood alone would take noise for structure, so each of the
kernel's parameters has a prior: all are searched by their logarithms, where the prior is a normal distribution.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_ndtr
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """Mean and deviation of the logarithm."""

    mean: float
    deviation: float


SIGNAL = Prior(0.0, 0.5)
STEPS = 25


def fit(x, y, s, steps: int = STEPS) -> GaussianProcessRegressor:
    """The likeliest process, a priori and by what was seen; `y` has mean 0 and deviation 1 or so."""
    dims = x.shape[1]
    length = Prior(np.log(s.length) + 0.5 * np.log(dims), s.length_sd)
    noise = Prior(np.log(s.noise), s.noise_sd)
    kernel = ConstantKernel(np.exp(SIGNAL.mean), (1e-3, 1e3)) * Matern(
        np.full(dims, np.exp(length.mean)), (0.02, 50.0), nu=s.nu
    ) + WhiteKernel(np.exp(noise.mean), (1e-7, 1.0))
    priors = [SIGNAL, *[length] * dims, noise]
    process = GaussianProcessRegressor(kernel, alpha=1e-8, optimizer=_optimizer(priors, steps))
    return process.fit(x, y)


def _optimizer(priors: list[Prior], steps: int) -> Any:
    means = np.array([prior.mean for prior in priors])
    deviations = np.array([prior.deviation for prior in priors])

    def optimize(cost: Callable[..., Any], start: Array, bounds: Array) -> tuple[Array, float]:
        def posterior(theta: Array) -> tuple[float, Array]:
            value, gradient = cost(theta)
            away = (theta - means) / deviations
            return value + 0.5 * float(away @ away), gradient + away / deviations

        found = minimize(posterior, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxfun": steps})
        return found.x, found.fun

    return optimize


def add(process: GaussianProcessRegressor, x: Array, y: Array) -> GaussianProcessRegressor:
    """The same process having seen these, with its parameters left as they are."""
    return GaussianProcessRegressor(process.kernel_, alpha=1e-8, optimizer=None).fit(x, y)


def log_expected_improvement(mean: Array, deviation: Array, best: float) -> Array:
    """Of low values over `best`; the logarithm still ranks points where the improvement itself would be 0."""
    z = (best - mean) / deviation
    log_density = -0.5 * z**2 - 0.5 * np.log(2 * np.pi)
    ratio = z * np.exp(np.clip(log_ndtr(z) - log_density, -700, 700))  # z Φ(z) / φ(z), tends to -1
    far = z < -30
    log_h = np.where(far, log_density - 2 * np.log(np.abs(np.where(far, z, -1.0))), log_density + np.log1p(np.maximum(ratio, -1 + 1e-12)))
    return np.asarray(log_h + np.log(deviation))
