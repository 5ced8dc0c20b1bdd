"""Prices of training instances: a dated, approximate table, good enough to enforce cost caps and to estimate the cost
of a tuning job. It is not a bill: it excludes taxes, discounts, storage and the free tier.

The table is `prices.json`, which `./retune prices --refresh` writes from AWS's price list, region by region. Entries
that have not been refreshed yet are based on AWS's public EC2 prices: in these families, a SageMaker training instance
costs 1.2 times as much as the EC2 instance.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")


def price_usd_per_hour(instance_type: str, region: str) -> float | None:
    """Return the on-demand price of one training instance (`ml.m5.large`), or None if it is not in the table."""
    price: float | None = _of(region).get("usd_per_hour", {}).get(instance_type)
    return price


def prices_as_of(region: str) -> date | None:
    """Return the date of the region's prices, or None if the region is not in the table."""
    day = _of(region).get("as_of")
    return date.fromisoformat(day) if day else None


def worst_case_usd(max_jobs: int, instance_count: int, max_runtime_s: float, price: float, retries: int = 0) -> float:
    """Return the cost of a tuning job whose training jobs and their retries all run for the maximum time."""
    return max_jobs * (1 + retries) * instance_count * max_runtime_s / 3600 * price


def actual_usd(seconds_total: float, price: float) -> float:
    """Return the cost of a total instance run time."""
    return seconds_total / 3600 * price


def _of(region: str) -> dict[str, Any]:
    return dict(_table().get(region, {}))


@cache
def _table() -> dict[str, Any]:
    """Loaded on first use: most invocations need no price."""
    return dict(json.loads(PRICES.read_text()))
