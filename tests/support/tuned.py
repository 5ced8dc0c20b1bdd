"""Ended tuning jobs for tests, as SageMaker would have told of them."""

from typing import Any

from chalicelib.results.outcome import TrainingJob, TuningJob, outcome
from chalicelib.results.record import record

T0 = 1_800_000_000.0
"""2027-01-15 08:00:00 UTC."""
NAME = "retune-iris-1234abcd-a1"


def job(number: int, objective: float | None, **changes: Any) -> TrainingJob:
    """Training job `number`: it completed after 36 seconds with a model, unless `changes` say otherwise."""
    name = f"{NAME}-{number:03d}-0f0444b1"
    values: dict[str, Any] = {
        "name": name,
        "status": "Completed",
        "hyperparameters": {"degree": "2", "prune": "TRUE", "thresh": "0.001"},
        "objective": objective,
        "seconds": 36.0,
        "started_at": T0 + number,
        "ended_at": T0 + number + 36,
        "model_uri": f"s3://data/tuning/iris/{NAME}/output/{name}/output/model.tar.gz",
    }
    return TrainingJob(**{**values, **changes})


def failed(number: int, reason: str | None) -> TrainingJob:
    return job(number, None, status="Failed", failure=reason, model_uri=None)


def tuning(status: str = "Completed", **changes: Any) -> TuningJob:
    return TuningJob(**{"name": NAME, "status": status, "created_at": T0, "ended_at": T0 + 60, **changes})


MANIFEST: dict[str, Any] = {
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/retune-mars@sha256:" + "a" * 64,
    "spec": {
        "target": "Sepal.Length",
        "ranges": {
            "degree": {"type": "integer", "min": 1, "max": 3, "scaling": "Auto"},
            "prune": {"type": "categorical", "values": ["TRUE", "FALSE"]},
            "thresh": {"type": "continuous", "min": 0.001, "max": 0.01, "scaling": "Auto"},
        },
        "instance_type": "ml.m5.large",
        "spot": False,
        "notify": True,
    },
    "warnings": ["train/iris.csv has 1 duplicate row, which counts twice."],
    "files": [
        {
            "channel": "train",
            "path": "iris.csv",
            "key": "datasets/iris/train/iris.csv",
            "etag": '"e"',
            "size": 3867,
            "checksum": "sha256:" + "b" * 64,
            "snapshot": f"tuning/iris/{NAME}/data/train/00001.csv",
        }
    ],
}


def recorded(*jobs: TrainingJob, status: str = "Completed", **changes: Any) -> dict[str, Any]:
    """The record of a tuning job that ended with these training jobs."""
    arguments: dict[str, Any] = {
        "dataset": "iris",
        "fingerprint": "1234abcd" * 8,
        "attempt": 1,
        "manifest": MANIFEST,
        "region": "us-east-1",
        "champion": {"promoted": True, "current": {"tuning_job": NAME, "objective": 0.1}},
    }
    failure = changes.pop("failure", None)
    return record(outcome(tuning(status, failure=failure), jobs, None), **{**arguments, **changes})


def metrics(mse: float = 0.1, **others: float) -> dict[str, float]:
    """The other numbers in a training job's log, of a model that beats both simple ones, unless `others` say more."""
    return {
        "mse": mse, "error_root": mse**0.5, "error_absolute": 0.25, "error_se": 0.012, "rsq": 0.86,
        "error_of_mean": 0.7, "error_of_linear": 0.12, "terms": 14, "nk": 21, "bound_reached": 0, "sampled_rows": 0,
        "compiled": 1, "members": 5, **others,
    }  # fmt: skip
