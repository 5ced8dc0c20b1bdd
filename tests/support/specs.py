"""Tuning specs for tests: what is refused, as the sentences that a person reads."""

import json
from typing import Any

from chalicelib.errors import Refused
from chalicelib.settings import Ceilings
from chalicelib.spec.model import TuningSpec
from chalicelib.spec.parse import parse_spec

CEILINGS = Ceilings(
    max_jobs=100,
    max_parallel_jobs=10,
    max_runtime_s=86_400,
    instance_types=("ml.m5.large", "ml.m5.xlarge"),
    max_cost_usd=50.0,
)
ROOMY = Ceilings(20_000, 1_000, 10_000_000, ("ml.m5.large",), None)


def spec(ceilings: Ceilings = CEILINGS, **keys: Any) -> TuningSpec:
    return parse_spec(json.dumps({"target": "y", **keys}).encode(), ceilings)


def sentences(raw: bytes, ceilings: Ceilings = CEILINGS) -> list[str]:
    """What is said against this `tuning.json`; nothing when it is accepted."""
    try:
        parse_spec(raw, ceilings)
    except Refused as refused:
        return [str(problem) for problem in refused.problems]
    return []


def refusals(ceilings: Ceilings = CEILINGS, **keys: Any) -> list[str]:
    """What is said against a spec with these keys and a target."""
    return sentences(json.dumps({"target": "y", **keys}).encode(), ceilings)


def integer(least: Any, most: Any, **more: Any) -> dict[str, Any]:
    return {"type": "integer", "min": least, "max": most, **more}


def continuous(least: Any, most: Any, **more: Any) -> dict[str, Any]:
    return {"type": "continuous", "min": least, "max": most, **more}


def categorical(*values: Any) -> dict[str, Any]:
    return {"type": "categorical", "values": list(values)}
