"""What the metrics in a training job's log say of its model. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.mars.engines import engine_for


def describe_model(metrics: Mapping[str, float], hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Return what the metrics in a training job's log say of its model; empty if its image does not log them all.

    SageMaker reads only numbers from a log, so the engine follows from `compiled`, 0 or 1, and from what was asked.
    `members` counts the fits whose average the model is; `sampled_rows` is 0 if knots were searched on all rows."""
    counts = ("members", "terms", "nk", "sampled_rows")
    if not {"compiled", "bound_reached", *counts} <= metrics.keys():
        return {}
    return {
        "engine": engine_for(hyperparameters.get("engine", "auto"), metrics["compiled"] == 1),
        **{name: int(metrics[name]) for name in counts},
        "bound_reached": metrics["bound_reached"] == 1,
    }


def notes_on_model(model: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each bound on cost that the search reached."""
    if model.get("bound_reached"):
        yield f"Its search stopped at {model['nk']} terms: a larger `nk` may fit better."
    if rows := model.get("sampled_rows"):
        yield f"Its knots were searched on a sample of {rows:,} rows: a larger `max_search_rows` may fit better."
