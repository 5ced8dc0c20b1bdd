"""What training instances cost: a dated, approximate table, good enough to refuse what is dear and to say
about what a tuning job cost. It is not a bill: taxes, discounts, storage and the free tier are not in it.

The table is `prices.json`, which `./retune prices --refresh` writes from AWS's price list, region by region. What no
refresh has written yet is from AWS's public EC2 prices: of these families a SageMaker training instance costs 1.2 times
the EC2 instance.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")


def price_usd_per_hour(instance_type: str, region: str) -> float | None:
    """The on-demand price of one training instance (`ml.m5.large`); None when the table does not know it."""
    price: float | None = _of(region).get("usd_per_hour", {}).get(instance_type)
    return price


def prices_as_of(region: str) -> date | None:
    """The day of the region's prices; None when the table does not know the region."""
    day = _of(region).get("as_of")
    return date.fromisoformat(day) if day else None


def worst_case_usd(max_jobs: int, instance_count: int, max_runtime_s: float, price: float, retries: int = 0) -> float:
    """What a tuning job costs when every training job, and every retry of it, runs as long as it may."""
    return max_jobs * (1 + retries) * instance_count * max_runtime_s / 3600 * price


def actual_usd(seconds_total: float, price: float) -> float:
    """What instances that ran for so many seconds altogether cost."""
    return seconds_total / 3600 * price


def _of(region: str) -> dict[str, Any]:
    return dict(_table().get(region, {}))


@cache
def _table() -> dict[str, Any]:
    """Read when it is first asked for: most invocations ask for no price."""
    return dict(json.loads(PRICES.read_text()))
