"""The container's algorithm, as the rest of Retune sees it: MARS. Pure.

To use another algorithm, change `container/` and this file, nothing else: it defines the tunable hyperparameters, the
default ranges and the metrics in the log, and four functions: what is refused before it is paid for, what a model's
metrics say of it, and how a dataset will be trained. `target`, `folds`, `seed` and `missing` apply to every algorithm.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.hyperparameter import NUMBER, Hyperparameter, one_of, real, whole
from chalicelib.mars.conflicts import conflicts
from chalicelib.mars.model import describe_model, notes_on_model
from chalicelib.mars.plan import training_plan

__all__ = [
    "HYPERPARAMETERS", "METRICS", "NAME", "OBJECTIVE", "SEARCHES",
    "conflicts", "describe_model", "notes_on_model", "training_plan",
]  # fmt: skip

NAME = "MARS"

OBJECTIVE = "mse"
METRICS: Mapping[str, str] = MappingProxyType(
    {
        name: rf"\b{name}: {NUMBER}(?!\S)"
        for name in (
            OBJECTIVE,
            "error_root",
            "error_se",
            "error_absolute",
            "error_of_mean",
            "error_of_linear",
            "rsq",
            "train_error",
            "gcv",
            "terms",
            "nk",
            "bound_reached",
            "sampled_rows",
            "compiled",
            "members",
            "seconds",
        )
    }
)
"""The metrics that SageMaker reads from the log, by name; the first is the objective.

They are not tied to a line's ends: AWS does not document how it splits the log. The container prints each once."""

HYPERPARAMETERS: Mapping[str, Hyperparameter] = MappingProxyType(
    {
        "degree": whole(1, 10),
        "thresh": real("greater than 0 and less than 1", lambda value: 0 < value < 1, "Logarithmic"),
        "prune": one_of("TRUE", "FALSE"),
        "nk": whole(3, 1001),
        "penalty": real("a number from 0 to 100", lambda value: 0 <= value <= 100),
        "engine": one_of("auto", "earth", "mda", "compiled"),
        "nprune": whole(1, 1001),
        "minspan": whole(1, 1_000_000),
        "endspan": whole(1, 1_000_000),
        "fast_k": whole(0, 1001),
        "max_search_rows": whole(100, 1_000_000_000),
    }
)
"""What the container accepts: checked here so that a refusal costs nothing."""

_CLASSIC: Mapping[str, Mapping[str, Any]] = {
    "degree": {"type": "integer", "min": 1, "max": 3},
    "thresh": {"type": "continuous", "min": 0.001, "max": 0.01},
    "prune": {"type": "categorical", "values": ["TRUE", "FALSE"]},
}
_DEFAULT: Mapping[str, Mapping[str, Any]] = {
    "degree": {"type": "integer", "min": 1, "max": 2},
    "thresh": {"type": "continuous", "min": 0.00001, "max": 0.01, "scaling": "Logarithmic"},
}
SEARCHES: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType({"default": _DEFAULT, "classic": _CLASSIC})
"""The ranges to search if the tuning spec specifies none, by the spec's `search`; `classic` are the classic job's.

The default was chosen by errors on unseen rows (docs/performance.md): a third degree, leaving terms unpruned, and other
penalties cost training jobs and made models no better."""
