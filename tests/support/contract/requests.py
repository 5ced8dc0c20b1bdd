"""Requests to be judged: one for each thing that a tuning spec can ask for."""

import json
from typing import Any

from chalicelib.settings import Ceilings, Placement
from chalicelib.spec.parse import parse_spec
from chalicelib.tuning_request import tags_for, tuning_request

CEILINGS = Ceilings(
    max_jobs=750,
    max_parallel_jobs=100,
    max_runtime_s=864_000,
    instance_types=("ml.m5.large", "ml.c5.2xlarge"),
    max_cost_usd=None,
)
NAME = "retune-iris-1234abcd-a1"
FINGERPRINT = "1234abcd" * 8
FOLDER = f"s3://retune-data/tuning/iris/{NAME}"
TWO_WAYS = {"type": "categorical", "values": ["TRUE", "FALSE"]}

SPECS: dict[str, dict[str, Any]] = {
    "default": {},
    "classic": {"search": "classic"},
    "seeded": {"seed": 0},
    "random": {"search": "classic", "strategy": "Random", "max_jobs": 750, "max_parallel_jobs": 10},
    "grid": {
        "strategy": "Grid",
        "ranges": {"prune": TWO_WAYS, "degree": {"type": "categorical", "values": ["1", "2", "3"]}},
    },
    "single values": {
        "ranges": {
            "degree": {"type": "integer", "min": 2, "max": 2},
            "prune": {"type": "categorical", "values": ["TRUE"]},
            "thresh": {"type": "continuous", "min": 1e-7, "max": 0.5, "scaling": "Logarithmic"},
        }
    },
    "reverse logarithmic": {
        "ranges": {"thresh": {"type": "continuous", "min": 0.0001, "max": 0.999, "scaling": "ReverseLogarithmic"}}
    },
    "static": {
        "ranges": {"prune": TWO_WAYS},
        "static": {"degree": "2", "thresh": "0.001"},
        "max_jobs": 2,
        "max_parallel_jobs": 1,
    },
    "missing values": {"missing": "impute", "static": {"nk": "41", "max_search_rows": "5000"}},
    "groups": {"folds": {"count": 4, "by": "customer"}},
    "in order": {"folds": {"count": 4, "in_order_of": "day"}},
    "spot": {"spot": True, "max_runtime_s": 600},
    "completion": {
        "search": "classic",
        "completion": {"target_objective": 0.05, "not_improving_jobs": 3, "on_convergence": True},
    },
    "one job": {"max_jobs": 1},
    "tags": {"tags": {"team": "Forschung + Co", "cost centre": "ä 42"}},
    "all": {
        "search": "classic",
        "max_jobs": 20,
        "max_parallel_jobs": 4,
        "instance_type": "ml.c5.2xlarge",
        "max_runtime_s": 7200,
        "folds": 10,
        "seed": 7,
        "spot": True,
        "completion": {"target_objective": 1e-9},
    },
}


def a_request(case: str = "default", **changes: Any) -> dict[str, Any]:
    """The request for the spec of that name; `changes` are arguments of `tuning_request`."""
    spec = parse_spec(json.dumps({"target": "Sepal.Length", **SPECS[case]}).encode(), CEILINGS)
    arguments: dict[str, Any] = {
        "name": NAME,
        "spec": spec,
        "channels": {"train": f"{FOLDER}/data/train/", "validation": f"{FOLDER}/data/validation/"},
        "output_uri": f"{FOLDER}/output/",
        "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/retune-mars@sha256:" + "a" * 64,
        "placement": Placement("arn:aws:iam::123456789012:role/retune-training"),
        "tags": tags_for("retune", "iris", FINGERPRINT, 1, spec.tags),
        "data_bytes": 10 * 10**9,  # for which the volume is as large as the SDKs make it unless told otherwise, 30 GB
    }
    return tuning_request(**{**arguments, **changes})
