"""The bill: each figure from arithmetic that is shown here."""

from typing import Any

import pytest

from cli.deploy.bill import Bill, bill
from cli.deploy.show.bill import bill_table
from tests.support.deploy.printed import printed

CEILINGS = {
    "InstanceTypes": "ml.m5.large,ml.m5.xlarge",
    "MaxJobs": "20",
    "MaxRuntimeSeconds": "7200",
    "MaxCostUsd": "50",
    "MaxOpenJobs": "3",
}


def of(resources: dict[str, Any] | None = None, **ceilings: str) -> Bill:
    return bill(resources or {}, {**CEILINGS, **ceilings}, "us-east-1")


def test_one_tuning_costs_all_its_jobs_at_their_longest_on_the_dearest_instance() -> None:
    """20 jobs × 2 h × 0.2304 USD, the price of ml.m5.xlarge in us-east-1, which is below the cap of 50 USD."""
    tuning = of().tuning
    assert tuning is not None
    assert tuning.usd == pytest.approx(20 * 2 * 0.2304)
    assert tuning.usd_at_once == pytest.approx(3 * 20 * 2 * 0.2304)
    assert tuning.instance_type == "ml.m5.xlarge"


def test_a_cap_is_the_most_and_without_one_the_ceilings_are() -> None:
    """200 jobs × 2 h × 0.2304 USD are 92.16 USD."""
    capped, uncapped = of(MaxJobs="200").tuning, of(MaxJobs="200", MaxCostUsd="").tuning
    assert capped is not None
    assert uncapped is not None
    assert (capped.usd, capped.usd_at_once) == (50, 150)
    assert uncapped.usd == pytest.approx(92.16)


def test_an_instance_without_a_known_price_is_never_taken_for_cheap() -> None:
    """With a cap its tunings are refused; without one nobody knows."""
    capped, uncapped = (
        of(InstanceTypes="ml.m5.large,ml.p9.huge").tuning,
        of(InstanceTypes="ml.m5.large,ml.p9.huge", MaxCostUsd="").tuning,
    )
    assert capped is not None
    assert uncapped is not None
    assert capped.usd == 50
    assert uncapped.usd is uncapped.usd_at_once is None


def test_alarms_and_keys_cost_each_month() -> None:
    """Two alarms of 0.10 USD and a key of 1 USD."""
    resources = {"A": {"Type": "AWS::CloudWatch::Alarm"}, "B": {"Type": "AWS::CloudWatch::Alarm"}}

    assert of({**resources, "K": {"Type": "AWS::KMS::Key"}}).usd_a_month == pytest.approx(1.20)


@pytest.mark.parametrize(("architecture", "per_gb_second"), [("x86_64", 0.0000166667), ("arm64", 0.0000133334)])
def test_a_scheduled_function_costs_as_if_each_run_took_all_its_time(architecture: str, per_gb_second: float) -> None:
    """Every 15 minutes of 30 days are 2880 runs, each 300 s at half a GB and 0.20 USD per million calls."""
    function = {"MemorySize": "512", "Timeout": "300", "Architectures": [architecture]}
    target = {"Arn": {"Fn::GetAtt": ["Sweep", "Arn"]}}
    rule = {"ScheduleExpression": "rate(15 minutes)", "Targets": [target]}
    resources = {
        "Sweep": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
    }

    [line] = of(resources).fixed

    assert line.usd_a_month == pytest.approx(2880 * (300 * 0.5 * per_gb_second + 0.20 / 1e6))


def test_an_idle_queue_is_polled() -> None:
    """Five long polls of 20 s, three a minute each, in 30 days: 648,000 requests at 0.40 USD per million."""
    [line] = of({"S": {"Type": "AWS::Lambda::EventSourceMapping"}}).fixed

    assert line.usd_a_month == pytest.approx(648_000 * 0.40 / 1e6)


def test_a_template_without_our_ceilings_has_no_tuning_in_its_bill() -> None:
    assert bill({}, {}, "us-east-1").tuning is None


def test_the_bill_fits_80_columns_and_says_what_it_assumes() -> None:
    shown = printed(bill_table(of()))

    assert "20 training jobs × 2 h × ml.m5.xlarge = $9.22" in " ".join(shown.split())
    assert "Prices: " in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
