"""Figures beside the objective, from the metrics in the best training job's log. Pure.

An image that logs none of them leaves them out."""

from collections.abc import Iterator, Mapping

_LOGGED = {
    "rmse": "error_root",
    "mae": "error_absolute",
    "mse_se": "error_se",
    "r2": "rsq",
    "baseline_mse": "error_of_mean",
    "linear_mse": "error_of_linear",
}
"""The record's names, and those in the log, where only the objective's line may contain its name."""


def measures(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return the figures under the record's names: all on the same unseen rows as the objective."""
    return {name: metrics[logged] for name, logged in _LOGGED.items() if logged in metrics}


def shortfalls(mse: float | None, found: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence for each of the two simple models that predicts at least as well."""
    if mse is None:
        return
    if mse >= found.get("baseline_mse", float("inf")):
        yield "It predicts no better than the target's mean."
    if mse >= found.get("linear_mse", float("inf")):
        yield "It predicts no better than a straight line in each column (least squares)."
