"""Render a record as one self-contained HTML file, and all datasets as another (`overview.py`).

The pages open from disk without network access: they load no scripts, fonts or images, Jinja2 escapes every string,
and a content security policy blocks the rest. Jinja2 is imported on first use, so that other Lambdas do not pay for
it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from chalicelib.messages import wording
from chalicelib.report.history import history
from chalicelib.report.page import render_page


def render_report(record: Mapping[str, Any]) -> str:
    """Render the report of a record made by `chalicelib.results.record`. The same record yields the same bytes."""
    best = record["best"] or {}
    return render_page(
        "report.html",
        record=record,
        history=history(record["training_jobs"], record["best"]),
        tuned=tuned_names(record),
        edges=edges(record),
        champion=wording.champion_sentence(record),
        notes=best.get("notes", ()),
        measures=wording.measure_rows(best),
        model=wording.model_sentence(best),
        average=wording.average_sentence(record),
        cost=wording.cost_sentence(record["cost"]),
        ranked=sorted(record["training_jobs"], key=_by_objective),
        spec_json=json.dumps(record["spec"], indent=2),
        completed=sum(job["status"] == "Completed" for job in record["training_jobs"]),
    )


def tuned_names(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the hyperparameters that differ between the training jobs, sorted."""
    jobs = [job["hyperparameters"] for job in record["training_jobs"]]
    names = sorted({name for job in jobs for name in job})
    return [n for n in names if len({job.get(n) for job in jobs}) > 1 or n in record["spec"].get("ranges", {})]


def edges(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the numeric ranges whose `min` or `max` the best training job is at: they should be widened."""
    best = record["best"]["hyperparameters"] if record["best"] else {}
    found = {}
    for name, bounds in record["spec"].get("ranges", {}).items():
        if bounds["type"] == "categorical" or name not in best or bounds["min"] == bounds["max"]:
            continue
        near = 0.01 if bounds["type"] == "continuous" else 0.0
        at = _position(float(best[name]), bounds)
        if at <= near or at >= 1 - near:
            found[name] = "min" if at <= near else "max"
    return found


def _position(value: float, bounds: Mapping[str, Any]) -> float:
    """Return where in its range a value is, from 0 at `min` to 1 at `max`, on the scale of the search."""
    scale = math.log if bounds.get("scaling") == "Logarithmic" else float
    low, high = scale(bounds["min"]), scale(bounds["max"])
    return (scale(value) - low) / (high - low)


def _by_objective(job: Mapping[str, Any]) -> tuple[bool, float, str]:
    value = job["objective"]
    return value is None, value or 0.0, job["name"]
