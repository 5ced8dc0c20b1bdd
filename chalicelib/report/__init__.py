"""Render a record as one self-contained HTML file, and all datasets as another (`overview.py`).

The pages open from disk without network access: they load no scripts, fonts or images, Jinja2 escapes every string,
and a content security policy blocks the rest. Jinja2 is imported on first use, so that other Lambdas do not pay for
it.
"""

import json
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
        near = (bounds["max"] - bounds["min"]) * (0.01 if bounds["type"] == "continuous" else 0.0)
        if float(best[name]) <= bounds["min"] + near:
            found[name] = "min"
        elif float(best[name]) >= bounds["max"] - near:
            found[name] = "max"
    return found


def _by_objective(job: Mapping[str, Any]) -> tuple[bool, float, str]:
    value = job["objective"]
    return value is None, value or 0.0, job["name"]
