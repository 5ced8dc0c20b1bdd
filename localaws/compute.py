"""Lambda, put together: what runs functions, and what brings events to them."""

import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localaws.lambdas.asynchronous import Asynchronous
from localaws.lambdas.polling import Polling
from localaws.lambdas.runner import Runner
from localaws.moto_seams import bus, functions
from localaws.moto_seams.messages import Queues, send
from localaws.moto_seams.patches import Patches
from localaws.schedules import Schedules
from localaws.values import ACCOUNT


def start(
    running: ExitStack,
    patches: Patches,
    home: Path,
    endpoint_url: str,
    region: str,
    retry_delays_s: Sequence[float],
) -> None:
    """From now on until `running` ends: functions, rules, schedules and mappings, whenever created."""
    runner = Runner(home, endpoint_url, region)
    asynchronous = Asynchronous(functions.find, runner.invoke, send, retry_delays_s)
    functions.install(patches, runner.invoke, asynchronous.submit)
    bus.install(patches, asynchronous.submit)
    polling = Polling(lambda: functions.mappings(ACCOUNT, region), Queues(), functions.find, runner.invoke)
    schedules = Schedules(
        lambda: bus.rules(ACCOUNT, region),
        lambda rule: bus.deliver(rule, scheduled_event(rule), asynchronous.submit),
    )
    for stop in (runner.stop, asynchronous.stop, polling.stop, schedules.stop):  # ends in the reverse order
        running.callback(stop)


def scheduled_event(rule: Any) -> dict[str, Any]:
    """docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html"""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": bus.iso(datetime.now(UTC)),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }
