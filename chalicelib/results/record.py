"""The permanent record of a tuning job in S3: what was requested, what was found, what it cost. Pure.

Its schema is a contract with readers: members are only ever added; any other change raises `SCHEMA_VERSION`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib import algorithm
from chalicelib.results.measures import measures, shortfalls
from chalicelib.results.outcome import Failure, Outcome, TrainingJob
from chalicelib.results.prices import actual_usd, price_usd_per_hour, prices_as_of

SCHEMA_VERSION = 1


def record(
    outcome: Outcome,
    *,
    dataset: str,
    fingerprint: str,
    attempt: int,
    manifest: Mapping[str, Any],
    region: str,
    champion: Mapping[str, Any] | None = None,
    model_package: Mapping[str, str] | None = None,
    told: str | None = None,
) -> dict[str, Any]:
    """Build the tuning job's record, ready for JSON. `manifest` is the snapshot's; `told` is the sent message's id."""
    job, spec = outcome.tuning_job, dict(manifest.get("spec") or {})
    statics = _static_hyperparameters(outcome)
    return {
        "schema_version": SCHEMA_VERSION,
        "dataset": dataset,
        "tuning_job": job.name,
        "attempt": attempt,
        "status": outcome.status,
        "reason": outcome.reason,
        "degraded": outcome.degraded,
        "created_at": _iso(job.created_at),
        "ended_at": _iso(job.ended_at),
        "objective": _objective_entry(outcome.best),
        "best": _best_entry(outcome.best),
        "training_jobs": [_training_job_entry(job, statics) for job in outcome.training_jobs],
        "failures": [_failure_entry(failure) for failure in outcome.failures],
        "data": {"fingerprint": fingerprint, "files": list(manifest.get("files") or ())},
        "image": manifest.get("image") or job.image,
        "spec": spec,
        "cost": _cost(outcome.cost_seconds, spec.get("instance_type"), region, bool(spec.get("spot"))),
        "warnings": list(manifest.get("warnings") or ()),
        "champion": dict(champion or {"promoted": False}),
        "model_package": dict(model_package) if model_package else None,
        "told": told,
    }


def _static_hyperparameters(outcome: Outcome) -> dict[str, str]:
    """Return what all training jobs share. SageMaker lists only tuned values; the best job was described in full."""
    if outcome.best is None:
        return {}
    whole = outcome.best.hyperparameters
    listed = [job.hyperparameters.keys() for job in outcome.training_jobs if not job.model_uri]
    return {name: whole[name] for name in whole.keys() - set().union(*listed)} if listed else {}


def _objective_entry(best: TrainingJob | None) -> dict[str, Any]:
    return {"name": "mse", "type": "Minimize", "value": best.objective if best else None}


def _best_entry(best: TrainingJob | None) -> dict[str, Any] | None:
    if best is None:
        return None
    found, model = measures(best.metrics), algorithm.describe_model(best.metrics, best.hyperparameters)
    return {
        "training_job": best.name,
        "hyperparameters": dict(sorted(best.hyperparameters.items())),
        "model_uri": best.model_uri,
        "measures": found,
        "model": model,
        "notes": [*shortfalls(best.objective, found), *algorithm.notes_on_model(model)],
    }


def _training_job_entry(job: TrainingJob, statics: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": job.name,
        "status": job.status,
        "hyperparameters": dict(sorted({**statics, **job.hyperparameters}.items())),
        "objective": job.objective,
        "seconds": job.seconds,
        "started_at": _iso(job.started_at),
        "ended_at": _iso(job.ended_at),
        "failure": job.failure,
    }


def _failure_entry(failure: Failure) -> dict[str, Any]:
    return {"reason": failure.reason, "count": failure.count, "example": failure.example}


def _cost(seconds: float, instance_type: str | None, region: str, spot: bool) -> dict[str, Any]:
    """Estimate the cost. `usd` is None if the price is unknown. Spot costs less: the price is the on-demand one."""
    price = price_usd_per_hour(instance_type, region) if instance_type else None
    day = prices_as_of(region)
    return {
        "usd": None if price is None else round(actual_usd(seconds, price), 6),
        "seconds": round(seconds, 3),
        "instance_type": instance_type,
        "region": region,
        "spot": spot,
        "price_usd_per_hour": price,
        "prices_as_of": day.isoformat() if day else None,
    }


def _iso(epoch_s: float | None) -> str | None:
    if epoch_s is None:
        return None
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
