"""What Retune knows about the container's algorithm: ridge regression. See `chalicelib/algorithm.py`."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from chalicelib.errors import Problem
from chalicelib.hyperparameter import NUMBER, Asked, Hyperparameter, Size, real

NAME = "ridge"

OBJECTIVE = "mse"
METRICS: Mapping[str, str] = MappingProxyType(
    {
        name: rf"\b{name}: {NUMBER}(?!\S)"
        for name in (OBJECTIVE, "error_root", "error_se", "error_of_mean", "error_of_linear", "rsq", "terms", "seconds")
    }
)

HYPERPARAMETERS: Mapping[str, Hyperparameter] = MappingProxyType(
    {"lambda": real("a number from 0 to 1000000", lambda value: 0 <= value <= 1e6)}
)

SEARCHES: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {"default": {"lambda": {"type": "continuous", "min": 0.001, "max": 1000.0, "scaling": "Logarithmic"}}}
)


def conflicts(asked: Mapping[str, Sequence[Asked]], size: Size | None = None) -> Iterator[Problem]:
    """Yield nothing: there is one hyperparameter, and it suits every table."""
    yield from ()


def describe_model(metrics: Mapping[str, float], hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Return nothing: the hyperparameters say it all."""
    return {}


def notes_on_model(model: Mapping[str, Any]) -> Iterator[str]:
    """Yield nothing: no search ends early."""
    yield from ()


def training_plan(asked: Mapping[str, Sequence[Asked]], size: Size | None, columns: int) -> Iterator[str]:
    """Yield nothing: every table is fitted alike."""
    yield from ()
