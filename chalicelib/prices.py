"""What training instances cost: a dated, approximate table, good enough to refuse what is dear and to say
about what a tuning job cost. It is not a bill: taxes, discounts, storage and the free tier are not in it.

Source: AWS's public on-demand prices. A SageMaker training instance of these families costs 1.2 times the EC2
instance, and within a family the price is proportional to the size.
"""

from datetime import date

PRICES_AS_OF = date(2025, 6, 1)

_FAMILIES = {
    "m5": ("general", ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge")),
    "m6i": (
        "general",
        ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge"),
    ),
    "c5": ("compute", ("xlarge", "2xlarge", "4xlarge", "9xlarge", "18xlarge")),
    "c6i": (
        "compute",
        ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge"),
    ),
}
"""Which price column a family has, and the sizes that SageMaker trains on."""

_USD_PER_XLARGE_HOUR = {
    "us-east-1": {"general": 0.2304, "compute": 0.2040},
    "us-east-2": {"general": 0.2304, "compute": 0.2040},
    "us-west-1": {"general": 0.2688, "compute": 0.2544},
    "us-west-2": {"general": 0.2304, "compute": 0.2040},
    "ca-central-1": {"general": 0.2568, "compute": 0.2232},
    "eu-central-1": {"general": 0.2760, "compute": 0.2328},
    "eu-north-1": {"general": 0.2448, "compute": 0.2184},
    "eu-west-1": {"general": 0.2568, "compute": 0.2304},
    "eu-west-2": {"general": 0.2664, "compute": 0.2424},
    "eu-west-3": {"general": 0.2688, "compute": 0.2424},
    "ap-northeast-1": {"general": 0.2976, "compute": 0.2568},
    "ap-south-1": {"general": 0.2424, "compute": 0.2040},
    "ap-southeast-1": {"general": 0.2880, "compute": 0.2352},
    "ap-southeast-2": {"general": 0.2880, "compute": 0.2664},
    "sa-east-1": {"general": 0.3672, "compute": 0.3144},
}


def price_usd_per_hour(instance_type: str, region: str) -> float | None:
    """The on-demand price of one training instance (`ml.m5.large`); None when the table does not know it."""
    service, _, rest = instance_type.partition(".")
    family, _, size = rest.partition(".")
    column, sizes = _FAMILIES.get(family, ("", ()))
    prices = _USD_PER_XLARGE_HOUR.get(region)
    if service != "ml" or size not in sizes or prices is None:
        return None
    return round(prices[column] * _xlarges(size), 4)


def worst_case_usd(max_jobs: int, instance_count: int, max_runtime_s: float, price: float, retries: int = 0) -> float:
    """What a tuning job costs when every training job, and every retry of it, runs as long as it may."""
    return max_jobs * (1 + retries) * instance_count * max_runtime_s / 3600 * price


def actual_usd(seconds_total: float, price: float) -> float:
    """What instances that ran for so many seconds altogether cost."""
    return seconds_total / 3600 * price


def _xlarges(size: str) -> float:
    return 0.5 if size == "large" else float(size.removesuffix("xlarge") or 1)
