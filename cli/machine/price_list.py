"""Read the hourly prices of training instances from AWS's price list.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html documents the response.
The attributes of SageMaker's products are not documented, so the assumptions about them are all in `_instance_type`:
a usage type such as `USE1-Train:ml.m5.large` or, in a region without a short name, `Train:ml.m5.large`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

SERVICE = "AmazonSageMaker"
ENDPOINT_REGION = "us-east-1"
"""One of the few regions with the price list API, which has all regions' prices."""
HIGHEST_USD = 1_000.0
"""The most expensive instance costs about a tenth of this: a price above it was misread."""
USUAL = "ml.m5.large"
_TRAINING = re.compile(r"(?:[A-Z0-9]+-)?Train:(ml(?:\.[a-z0-9-]+){2})")


class Unbelievable(Exception):
    """The response is not plausible; the message says why."""


def training_prices(pricing: Any, region: str) -> dict[str, float]:
    """Return on-demand US dollars per hour by instance type. Raises: Unbelievable."""
    pages = pricing.get_paginator("get_products").paginate(
        ServiceCode=SERVICE,
        Filters=[
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region},
            {"Type": "TERM_MATCH", "Field": "component", "Value": "Training"},
        ],
    )
    products = (json.loads(text) for page in pages for text in page["PriceList"])
    return believed(_prices(products), region)


def believed(prices: Iterable[tuple[str, float]], region: str) -> dict[str, float]:
    """Check the prices and return a table. Raises: Unbelievable: implausible, conflicting or missing prices."""
    table: dict[str, float] = {}
    for instance_type, usd in prices:
        if not 0 < usd < HIGHEST_USD:
            raise Unbelievable(f"{instance_type} would cost ${usd:g} an hour in {region}")
        if table.setdefault(instance_type, usd) != usd:
            raise Unbelievable(f"{instance_type} has two prices in {region}: ${table[instance_type]:g} and ${usd:g}")
    if USUAL not in table:
        raise Unbelievable(f"there is no price for {USUAL} in {region}; does SageMaker exist in that region?")
    return dict(sorted(table.items()))


def _prices(products: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for product in products:
        instance_type = _instance_type(product["product"]["attributes"])
        if instance_type:
            yield from ((instance_type, usd) for usd in _usd_per_hour(product))


def _instance_type(attributes: Mapping[str, Any]) -> str | None:
    """Return the product's instance type; None if it is not a training instance."""
    known = _TRAINING.fullmatch(attributes.get("usagetype", ""))
    return known[1] if known else None


def _usd_per_hour(product: Mapping[str, Any]) -> Iterator[float]:
    for term in product["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            if not dimension["unit"].lower().startswith(("hr", "hour")):
                raise Unbelievable(f"{product['product'].get('sku')} is priced per {dimension['unit']}")
            if "USD" not in dimension["pricePerUnit"]:
                raise Unbelievable(f"prices are in {', '.join(dimension['pricePerUnit'])}, the table is in US dollars")
            yield float(dimension["pricePerUnit"]["USD"])
