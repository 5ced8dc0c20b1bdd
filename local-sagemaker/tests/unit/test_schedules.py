"""Rules that fire by the clock."""

import time
from types import SimpleNamespace

import pytest

from local_sagemaker.compute import scheduled_event
from local_sagemaker.moto_seams import events
from local_sagemaker.schedules import Schedules, period_s
from support.account import Account


def test_a_schedule_delivers_the_documented_event(account: Account) -> None:
    url, arn = account.queue()
    name = account.rule_to(arn, ScheduleExpression="rate(1 day)")
    [rule] = [r for r in events.rules("123456789012", "us-east-1") if r.name == name]

    events.deliver(rule, scheduled_event(rule), to_lambda=lambda arn, payload: None)

    [event] = account.bodies(url)
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.events", "Scheduled Event", {})
    assert event["resources"] == [rule.arn]


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(15 minutes)", 900), ("rate(2 hours)", 7200), ("rate(1 day)", 86400)],
)
def test_a_rate_has_a_period(expression: str, seconds: int) -> None:
    assert period_s(expression) == seconds


def test_a_cron_expression_has_none() -> None:
    assert period_s("cron(0 12 * * ? *)") is None


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_an_enabled_rate_fires_once_a_period_and_a_disabled_one_does_not() -> None:
    clock, fired = Clock(), []
    on = SimpleNamespace(arn="on", scheduled_expression="rate(1 minute)", state="ENABLED")
    off = SimpleNamespace(arn="off", scheduled_expression="rate(1 minute)", state="DISABLED")
    schedules = Schedules(lambda: [on, off], lambda rule: fired.append(rule.arn), clock, look_s=0.005)

    for second in (0, 59, 60, 61, 120):
        clock.seconds = second
        time.sleep(0.05)
        if second == 59:
            assert fired == [], "the first comes one period after the rule"
    schedules.stop()

    assert fired == ["on", "on"]


def test_a_rule_created_later_is_noticed_and_a_deleted_one_forgotten() -> None:
    clock, fired, rules = Clock(), [], []
    schedules = Schedules(lambda: list(rules), lambda rule: fired.append(rule.arn), clock, look_s=0.005)

    rules.append(SimpleNamespace(arn="late", scheduled_expression="rate(1 minute)", state="ENABLED"))
    time.sleep(0.05)
    clock.seconds = 60
    time.sleep(0.05)
    rules.clear()
    clock.seconds = 120
    time.sleep(0.05)
    schedules.stop()

    assert fired == ["late"]
