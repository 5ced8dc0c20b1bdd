"""Wires up Lambda: the runner of functions, and everything that delivers events to them."""

import logging
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.pending import PendingEvents
from local_sagemaker.iam.sessions import Sessions
from local_sagemaker.lambdas.asynchronous import AsyncInvoker
from local_sagemaker.lambdas.logs import PutLog
from local_sagemaker.lambdas.polling import EventSourceMapping, EventSourcePolling
from local_sagemaker.lambdas.role_permissions import RolePermissions
from local_sagemaker.lambdas.runner import Runner
from local_sagemaker.lambdas.values import Function, Outcome
from local_sagemaker.moto_seams import awslambda, events
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.sqs import Queues, send
from local_sagemaker.schedules import Schedules
from local_sagemaker.values import ACCOUNT

_log = logging.getLogger(__name__)


def start(
    running: ExitStack,
    patches: Patches,
    home: Path,
    endpoint_url: str,
    region: str,
    retry_delays_s: Sequence[float],
    keeper: Keeper,
    put_log: PutLog,
    sessions: Sessions,
    role_permissions: RolePermissions,
) -> None:
    """Serve functions, rules, schedules and event source mappings until `running` closes, whenever they are created."""
    runner = Runner(home, endpoint_url, region, put_log, sessions, role_permissions.may_log)

    def invoke(function: Function, payload: bytes) -> Outcome:
        with keeper.lock.released():  # the function may call us before it answers
            return runner.invoke(function, payload)

    def give_up(function: Function, arn: str, body: str, attributes: dict[str, str]) -> None:
        if not role_permissions.may_hand_over(function, arn):
            return _log.warning("an event is lost: the role of %s is not allowed to send to %s", function.name, arn)
        with keeper.changing():
            send(arn, body, attributes)
        return None

    def fire(rule: Any) -> None:
        with keeper.changing():
            events.deliver(rule, scheduled_event(rule), asynchronous.submit)

    asynchronous = AsyncInvoker(awslambda.find, runner.invoke, give_up, retry_delays_s, PendingEvents(keeper))
    awslambda.install(patches, invoke, asynchronous.submit)
    events.install(patches, asynchronous.submit)
    keeper.load()
    asynchronous.resume()
    mappings = partial(_readable, partial(awslambda.mappings, ACCOUNT, region), role_permissions)
    polling = EventSourcePolling(mappings, Queues(keeper.changing), awslambda.find, runner.invoke)
    schedules = Schedules(lambda: events.rules(ACCOUNT, region), fire)
    for stop in (runner.stop, asynchronous.stop, polling.stop, schedules.stop):  # they stop in reverse order
        running.callback(stop)


def _readable(
    mappings: Callable[[], list[EventSourceMapping]], role_permissions: RolePermissions
) -> list[EventSourceMapping]:
    """The mappings whose function's role may read the queue."""

    def is_readable(mapping: EventSourceMapping) -> bool:
        function = awslambda.find(mapping.function_arn)
        return function is None or role_permissions.may_take(function, mapping.queue_arn)

    return [mapping for mapping in mappings() if is_readable(mapping)]


def scheduled_event(rule: Any) -> dict[str, Any]:
    """docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html"""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": events.iso(datetime.now(UTC)),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }
