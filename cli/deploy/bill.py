"""What a stack can cost at worst: each month whatever happens, and by one tuning job.

The fixed part is counted from the template at AWS's public on-demand prices of us-east-1, without its free tier.
Other regions differ, up to half as much again. What is billed by use (storage, logs, requests, image builds) is
said, not guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.results.prices import price_usd_per_hour, prices_as_of, worst_case_usd

FIXED_PRICES_AS_OF = date(2025, 6, 1)
ALARM_USD = 0.10
KEY_USD = 1.00
LAMBDA_USD_PER_GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
LAMBDA_USD_PER_CALL = 0.20 / 1_000_000
QUEUE_USD_PER_REQUEST = 0.40 / 1_000_000
MINUTES_A_MONTH = 30 * 24 * 60
_POLLS_A_MONTH = 5 * MINUTES_A_MONTH * 3
"""Lambda keeps five long polls of 20 seconds open on an idle queue."""
BY_USE = (
    "storage (S3 0.023, images 0.10, ledger 0.25 USD per GB and month)",
    "logs (0.50 USD per GB)",
    "image builds (0.005 USD per minute)",
    "Lambda and SQS requests per upload (under 0.001 USD)",
)


@dataclass(frozen=True)
class FixedCost:
    """One line of the monthly part; `assumes` says how it comes about."""

    what: str
    usd_a_month: float
    assumes: str


@dataclass(frozen=True)
class Tuning:
    """One tuning job at the stack's ceilings. `usd` is None where a price is not known and there is no cap."""

    usd: float | None
    usd_uncapped: float | None
    cap_usd: float | None
    instance_type: str
    max_jobs: int
    max_runtime_s: int
    max_open_jobs: int

    @property
    def usd_at_once(self) -> float | None:
        """All tuning jobs that may be open at a time."""
        return None if self.usd is None else self.max_open_jobs * self.usd


@dataclass(frozen=True)
class Bill:
    """`tuning` is None where the template is not one with our ceilings, `training_prices_as_of` where no price of the
    region is known."""

    fixed: tuple[FixedCost, ...]
    tuning: Tuning | None
    region: str
    training_prices_as_of: str | None
    by_use: tuple[str, ...] = BY_USE
    fixed_prices_as_of: str = FIXED_PRICES_AS_OF.isoformat()

    @property
    def usd_a_month(self) -> float:
        return sum(line.usd_a_month for line in self.fixed)


def bill(resources: Mapping[str, Any], values: Mapping[str, str], region: str) -> Bill:
    """Of evaluated resources and the stack's parameters."""
    day = prices_as_of(region)
    return Bill(tuple(_fixed(resources)), _tuning(values, region), region, day.isoformat() if day else None)


def _fixed(resources: Mapping[str, Any]) -> Iterator[FixedCost]:
    kinds = [resource["Type"] for resource in resources.values()]
    if alarms := kinds.count("AWS::CloudWatch::Alarm"):
        yield FixedCost("alarms", alarms * ALARM_USD, f"{alarms} at {ALARM_USD:.2f} USD")
    if keys := kinds.count("AWS::KMS::Key"):
        yield FixedCost("keys", keys * KEY_USD, f"{keys} at {KEY_USD:.2f} USD")
    if sources := kinds.count("AWS::Lambda::EventSourceMapping"):
        requests = sources * _POLLS_A_MONTH
        yield FixedCost("queue", requests * QUEUE_USD_PER_REQUEST, f"{requests:,} polls, if no message ever comes")
    for resource in resources.values():
        yield from _schedules(resource, resources)


def _schedules(rule: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[FixedCost]:
    """A function called by the clock, as if each call took all the time that it may."""
    minutes = _minutes(rule.get("Properties", {}).get("ScheduleExpression"))
    targets = rule.get("Properties", {}).get("Targets", []) if minutes else []
    for target in targets:
        name = target.get("Arn", {}).get("Fn::GetAtt", [""])[0] if isinstance(target.get("Arn"), Mapping) else ""
        function = resources.get(name, {}).get("Properties")
        if function is None or minutes is None:
            continue
        calls = MINUTES_A_MONTH / minutes
        gigabytes, seconds = float(function.get("MemorySize", 128)) / 1024, float(function.get("Timeout", 3))
        [architecture] = function.get("Architectures", ["x86_64"])
        price = LAMBDA_USD_PER_GB_SECOND[architecture]
        usd = calls * (gigabytes * seconds * price + LAMBDA_USD_PER_CALL)
        yield FixedCost(name, usd, f"{calls:,.0f} runs of {seconds:.0f} s, the most that each may take")


def _minutes(expression: Any) -> float | None:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression) if isinstance(expression, str) else None
    return int(found[1]) * {"minute": 1, "hour": 60, "day": 1440}[found[2]] if found else None


def _tuning(values: Mapping[str, str], region: str) -> Tuning | None:
    try:
        types = [name.strip() for name in values["InstanceTypes"].split(",")]
        jobs, runtime_s, at_once = (int(values[f"Max{name}"]) for name in ("Jobs", "RuntimeSeconds", "OpenJobs"))
        cap = float(values["MaxCostUsd"]) if values["MaxCostUsd"] else None
    except KeyError:
        return None
    prices = {name: price_usd_per_hour(name, region) for name in types}
    unknown = [name for name, price in prices.items() if price is None]
    known = {name: price for name, price in prices.items() if price is not None}
    dearest = max(known, key=lambda name: known[name], default=types[0])
    without_cap = None if unknown else worst_case_usd(jobs, 1, runtime_s, known[dearest])
    usd = cap if without_cap is None else without_cap if cap is None else min(cap, without_cap)
    return Tuning(usd, without_cap, cap, unknown[0] if unknown else dearest, jobs, runtime_s, at_once)
