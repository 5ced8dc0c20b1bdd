"""Minimises a smooth function of a few variables by BFGS with a backtracking line search."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ENOUGH = 1e-4
"""The share of the expected decrease that a step must achieve (Armijo's rule)."""
_FLAT = 1e-5


def minimum(cost: Callable[[Array], tuple[float, Array]], start: Array, evaluations: int) -> Array:
    """The best point after so many evaluations of `cost`, which returns a value and its gradient."""
    point, (value, gradient) = start, cost(start)
    curvature = np.eye(len(start)) / max(1.0, float(np.linalg.norm(gradient)))  # the first step is at most 1 long
    length = 1.0
    for _ in range(evaluations - 1):
        direction = -curvature @ gradient
        expected = float(gradient @ direction)
        if -expected < _FLAT**2:
            break
        step = length * direction
        there, there_gradient = cost(point + step)
        if not there <= value + _ENOUGH * length * expected:
            length *= max(0.1, _turning(expected * length, value, there))
            continue
        curvature = _updated(curvature, step, there_gradient - gradient)
        point, value, gradient, length = point + step, there, there_gradient, 1.0
    return point


def _turning(slope: float, value: float, there: float) -> float:
    """Where the parabola through both values with this slope has its minimum, as a share of the step."""
    return min(0.5, -slope / (2 * (there - value - slope))) if np.isfinite(there) else 0.1


def _updated(curvature: Array, step: Array, change: Array) -> Array:
    """The inverse of the second derivatives, given how the gradient changed along a step."""
    along = float(step @ change)
    if along <= 1e-12:
        return curvature
    left = np.eye(len(step)) - np.outer(step, change) / along
    return np.asarray(left @ curvature @ left.T + np.outer(step, step) / along)
