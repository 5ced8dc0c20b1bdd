"""The price table and the arithmetic on it."""

import json

import boto3
import pytest

from chalicelib.results.prices import PRICES, actual_usd, price_usd_per_hour, prices_as_of, worst_case_usd


@pytest.mark.parametrize(
    ("instance_type", "region", "usd"),
    [
        ("ml.m5.large", "us-east-1", 0.1152),  # EC2 0.096 × 1.2
        ("ml.m5.xlarge", "us-east-1", 0.2304),  # 0.192 × 1.2
        ("ml.m5.24xlarge", "us-east-1", 5.5296),  # 4.608 × 1.2
        ("ml.c5.xlarge", "us-west-2", 0.204),  # 0.17 × 1.2
        ("ml.c5.9xlarge", "us-west-2", 1.836),  # 1.53 × 1.2
        ("ml.m5.large", "eu-west-1", 0.1284),  # 0.107 × 1.2
        ("ml.c6i.2xlarge", "eu-central-1", 0.4656),  # 0.388 × 1.2
    ],
)
def test_a_known_price_is_about_the_ec2_price_times_1_2(instance_type: str, region: str, usd: float) -> None:
    # About: a refresh writes what AWS asks that day, and must not look like a fault.
    assert price_usd_per_hour(instance_type, region) == pytest.approx(usd, rel=0.15)


@pytest.mark.parametrize(
    ("instance_type", "region"),
    [
        ("ml.m5.large", "mars-north-1"),
        ("ml.p5.48xlarge", "us-east-1"),
        ("ml.m5.3xlarge", "us-east-1"),
        ("ml.c5.large", "us-east-1"),  # SageMaker has none
        ("m5.large", "us-east-1"),
        ("", "us-east-1"),
    ],
)
def test_an_unknown_price_is_none_and_never_a_guess(instance_type: str, region: str) -> None:
    assert price_usd_per_hour(instance_type, region) is None


def test_every_instance_type_of_the_table_is_one_that_sagemaker_trains_on() -> None:
    model = boto3.client("sagemaker", "us-east-1").meta.service_model
    legal = set(model.shape_for("TrainingInstanceType").enum)
    ours = {name for region in json.loads(PRICES.read_text()).values() for name in region["usd_per_hour"]}
    assert len(ours) > 20 and ours <= legal


def test_the_worst_case_is_every_job_at_full_length() -> None:
    # 9 jobs × 1 instance × 1 hour × $0.1152
    assert worst_case_usd(9, 1, 3600, 0.1152) == pytest.approx(1.0368)
    # 9 jobs × 2 tries × 3 instances × half an hour × $0.20
    assert worst_case_usd(9, 3, 1800, 0.20, retries=1) == pytest.approx(5.4)


def test_the_actual_cost_is_seconds_times_price() -> None:
    assert actual_usd(9 * 36, 0.1) == pytest.approx(0.009)  # 324 s of 3600 at ten cents


def test_each_region_of_the_table_has_its_date() -> None:
    regions = json.loads(PRICES.read_text())
    assert len(regions) >= 15
    assert all(prices_as_of(region).year >= 2025 for region in regions)
    assert prices_as_of("mars-north-1") is None
