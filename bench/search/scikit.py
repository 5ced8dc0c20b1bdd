"""The Bayesian search with scikit-learn's Gaussian process and trees in place of our own, as a contender.

Both fit the same model with the same priors, so they differ only in how its parameters are optimised and how trees
draw their cuts. Needs scikit-learn, which nothing else here does.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.tree import ExtraTreeRegressor

from local_sagemaker.sagemaker.strategies import Strategy, strategy_for
from local_sagemaker.sagemaker.strategies.steps import COLUMNS, TREES
from local_sagemaker.sagemaker.strategies.surrogate import JITTER, Array, log_improvement, priors

_FEW = 30
_WIDE = (1e-9, 1e9)
"""Bounds that no parameter reaches because of the priors."""


@dataclass(frozen=True)
class Surrogate:
    """As our own."""

    process: Any

    @classmethod
    def fitted(cls, x: Array, y: Array) -> Self:
        signal, *lengths, noise = [prior.median for prior in priors(x.shape[1])]
        kernel = ConstantKernel(signal, _WIDE) * Matern(lengths, _WIDE, nu=2.5) + WhiteKernel(noise, _WIDE)
        return cls(GaussianProcessRegressor(kernel, alpha=JITTER, optimizer=_optimized).fit(x, y))

    def having_seen(self, x: Array, y: Array) -> Self:
        return type(self)(GaussianProcessRegressor(self.process.kernel_, alpha=JITTER, optimizer=None).fit(x, y))

    def expected(self, x: Array) -> Array:
        return np.asarray(self.process.predict(x))

    def log_improvement(self, x: Array, best: float) -> Array:
        mean, deviation = self.process.predict(x, return_std=True)
        noise = np.exp(self.process.kernel_.theta[-1])
        deviation = np.sqrt(np.maximum(deviation**2 - noise, 1e-10))
        return np.asarray(log_improvement((best - mean) / deviation) + np.log(deviation))


def _optimized(cost: Any, start: Array, bounds: Array) -> tuple[Array, float]:
    known = priors(len(start) - 2)
    means = np.log([prior.median for prior in known])
    deviations = np.array([prior.deviation for prior in known])

    def with_prior(theta: Array) -> tuple[float, Array]:
        value, gradient = cost(theta)
        away = (theta - means) / deviations
        return value + 0.5 * float(away @ away), gradient + away / deviations

    found = minimize(with_prior, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxfun": 15})
    return found.x, float(found.fun)


def share_with_best(x: Array, costs: Array, best: float, points: Array, generator: np.random.Generator) -> Array:
    """As our own."""
    trees = [
        ExtraTreeRegressor(max_features=COLUMNS, random_state=int(seed)).fit(x, costs)
        for seed in generator.integers(1 << 30, size=TREES)
    ]
    return np.asarray(np.mean([np.abs(tree.predict(points) - best) < 1e-9 for tree in trees], axis=0))


def searcher(config: dict[str, Any], seed: int) -> Strategy:
    return strategy_for(config, seed, fitted=Surrogate.fitted, share_with_best=share_with_best)
