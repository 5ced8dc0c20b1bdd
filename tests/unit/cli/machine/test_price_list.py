"""`prices --refresh`: AWS's price list read, judged and written.

The answers have the shape of GetProducts' documented example (API_pricing_GetProducts.html), with the attributes that
SageMaker's products were seen to bear: usagetype `USE1-Train:ml.m5.large`, component `Training`, unit `Hrs`.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.machine.price_list import Unbelievable, training_prices
from cli.machine.prices import changes, read, refreshed, write

TODAY = date(2026, 1, 2)


def product(usage: str, usd: str, unit: str = "Hrs", currency: str = "USD") -> str:
    attributes = {"servicecode": "AmazonSageMaker", "usagetype": usage, "regionCode": "us-east-1"}
    price = {"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {currency: usd}}
    terms = {"OnDemand": {"S.JRTCKXETXF": {"priceDimensions": {"S.JRTCKXETXF.6YS6EN2CT7": price}}}}
    return json.dumps(
        {"product": {"productFamily": "ML Instance", "attributes": attributes, "sku": "S"}, "terms": terms}
    )


class Pricing:
    """AWS's price list: for each region, pages of products."""

    def __init__(self, *pages: list[str]):
        self.pages = pages
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, name: str) -> "Pricing":
        assert name == "get_products"
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(asked)
        yield from ({"PriceList": page} for page in self.pages)


LARGE = product("USE1-Train:ml.m5.large", "0.1150000000")
OTHERS = [
    product("USE1-Host:ml.m5.large", "0.2"),
    product("USE1-Train:VolumeUsage.gp2", "0.14", unit="GB-Mo"),
    product("USE1-SpotTrain:ml.m5.large", "0.03"),
]


def test_only_instances_that_train_are_read_from_all_pages() -> None:
    pricing = Pricing([*OTHERS, LARGE], [product("Train:ml.c5.xlarge", "0.204")])

    assert training_prices(pricing, "us-east-1") == {"ml.c5.xlarge": 0.204, "ml.m5.large": 0.115}
    [asked] = pricing.asked
    assert asked["ServiceCode"] == "AmazonSageMaker"
    assert {one["Field"]: one["Value"] for one in asked["Filters"]} == {
        "regionCode": "us-east-1",
        "component": "Training",
    }


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ([], "no price for ml.m5.large"),
        (OTHERS, "no price for ml.m5.large"),
        ([LARGE, product("USE1-Train:ml.m5.large", "0.13")], "two prices"),
        ([product("USE1-Train:ml.m5.large", "0")], r"\$0 an hour"),
        ([product("USE1-Train:ml.m5.large", "115000")], r"\$115000 an hour"),
        ([product("USE1-Train:ml.m5.large", "0.1", unit="Second")], "per Second"),
        ([product("CNN1-Train:ml.m5.large", "0.8", currency="CNY")], "CNY"),
    ],
)
def test_an_answer_that_cannot_be_right_is_not_believed(page: list[str], why: str) -> None:
    with pytest.raises(Unbelievable, match=why):
        training_prices(Pricing(page), "us-east-1")


def test_only_the_regions_asked_for_change_and_are_dated_anew() -> None:
    before = {name: {"as_of": "2025-06-01", "usd_per_hour": {"ml.m5.large": 0.1152}} for name in ("us-east-1", "eu-1")}

    after = refreshed(before, Pricing([LARGE]), ["us-east-1"], TODAY)

    assert after["eu-1"] == before["eu-1"]
    assert after["us-east-1"] == {"as_of": "2026-01-02", "usd_per_hour": {"ml.m5.large": 0.115}}


def test_what_changes_is_told_each_by_itself_and_what_is_new_in_one_line() -> None:
    old = {"r": {"usd_per_hour": {"ml.a1.large": 0.1, "ml.b1.large": 0.2, "ml.c1.large": 0.3}}}
    new_types = {f"ml.d{number}.large": 1.0 for number in range(1, 9)}
    new = {"r": {"usd_per_hour": {"ml.a1.large": 0.1, "ml.b1.large": 0.25, **new_types}}}

    assert list(changes(old, new, "r")) == [
        "ml.b1.large: $0.2 → $0.25",
        "ml.c1.large: $0.3 → no longer on the list",
        "new: ml.d1.large, ml.d2.large, ml.d3.large, ml.d4.large, ml.d5.large, ml.d6.large and 2 more",
    ]
    assert list(changes(new, new, "r")) == []


def test_a_table_that_was_written_is_read_and_a_crash_on_the_way_leaves_the_old(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    write({"r": {"as_of": "2026-01-02", "usd_per_hour": {"ml.m5.large": 0.115}}}, file)
    kept = file.read_bytes()

    with pytest.raises(TypeError):
        write({"r": {"as_of": TODAY}}, file)  # a date is no JSON: the crash

    assert file.read_bytes() == kept
    assert read(file)["r"]["usd_per_hour"] == {"ml.m5.large": 0.115}


def test_the_tables_own_format_is_what_a_refresh_writes(tmp_path: Path) -> None:
    write(read(), tmp_path / "prices.json")

    assert read(tmp_path / "prices.json") == read()
