"""EventBridge.

moto lets a rule without a pattern (a schedule) match every event, ignores DISABLED, rewrites events with
a template that drops the account, fails PutEvents when a target is a Lambda function, evaluates no
policies, and has no scheduler.
AWS delivers matching events unchanged and asynchronously, and never reports a target's failure to the sender.
It delivers only where the target's resource policy allows it, and counts a failed invocation otherwise. Here, only the
usual contents of such policies are evaluated: Allow statements for events.amazonaws.com, and conditions on the source.
"""

import json
import logging
import uuid
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from jsonpath_ng.ext.parser import parse as parse_path
from moto.awslambda.models import lambda_backends
from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser
from moto.sqs.models import sqs_backends

from local_sagemaker.moto_seams.common.patches import Patches

_log = logging.getLogger(__name__)
_SERVICE = "events.amazonaws.com"

Event = dict[str, Any]
ToLambda = Callable[[str, bytes], None]  # function ARN, payload; returns immediately


class NotPermitted(Exception):
    """The target's policy does not allow this rule."""


def install(patches: Patches, to_lambda: ToLambda) -> None:
    """Make rules deliver as on AWS; functions get their events through `to_lambda`."""

    def send_to_targets(original: Callable[..., None]) -> Callable[..., None]:
        def send(rule: Any, event: Event, transform_input: bool = True) -> None:
            pattern = rule.event_pattern
            if rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event):
                deliver(rule, _as_delivered(event), to_lambda, original)

        return send

    patches.replace(Rule, "send_to_targets", send_to_targets)


def rules(account: str, region: str) -> list[Any]:
    """The current rules of the default bus."""
    return list(events_backends[account][region].event_buses["default"].rules.values())


def whole(account: str, region: str, event: Event) -> Event:
    """A service's event with its envelope; missing id, time, account and region are filled in."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "",
        "source": "",
        "account": account,
        "time": iso(datetime.now(UTC)),
        "region": region,
        "resources": [],
        "detail": {},
    } | event


def put_event(account: str, region: str, event: Event) -> None:
    """Put a service's complete event on the default bus."""
    for rule in rules(account, region):
        rule.send_to_targets(event)


def deliver(rule: Any, event: Event, to_lambda: ToLambda, others: Callable[..., None] | None = None) -> None:
    """Deliver an event to all targets of a rule; log targets that it cannot be delivered to."""
    for target in list(rule.targets):
        try:
            _check(rule, target["Arn"])
            _deliver_to(target, rule, event, to_lambda, others)
        except NotPermitted as e:
            _log.warning("rule %s is not allowed to deliver to %s: %s", rule.name, target["Arn"], e)
        except Exception:  # noqa: BLE001 - AWS delivers asynchronously: no target's failure reaches the sender
            _log.warning("rule %s could not deliver to %s", rule.name, target["Arn"], exc_info=True)


def _deliver_to(
    target: dict[str, Any], rule: Any, event: Event, to_lambda: ToLambda, others: Callable[..., None] | None
) -> None:
    arn = target["Arn"]
    service = arn.split(":")[2]
    if service == "lambda":
        to_lambda(arn, _input(target, event).encode())
    elif service == "sqs":
        group_id = target.get("SqsParameters", {}).get("MessageGroupId")
        _, _, _, region, account, name = arn.split(":")
        sqs_backends[account][region].send_message(name, _input(target, event), group_id=group_id)
    elif others is not None:
        alone = copy(rule)
        alone.targets = [target]
        unix_time = datetime.fromisoformat(event["time"]).timestamp()
        others(alone, {**event, "time": unix_time, "ingestion-time": unix_time})


def _input(target: dict[str, Any], event: Event) -> str:
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(parse_path(target["InputPath"]).find(event)[0].value)
    if "InputTransformer" in target:
        transformer = target["InputTransformer"]
        whole = {**event, "ingestion-time": event["time"]}
        paths = transformer.get("InputPathsMap", {})
        return json.dumps(EventTemplateParser.parse(transformer["InputTemplate"], paths, whole))
    return json.dumps(event)


def _as_delivered(event: Event) -> Event:
    """Remove the Unix time and the ingestion time of moto's envelope, which AWS's does not have."""
    event = {key: value for key, value in event.items() if key != "ingestion-time"}
    if not isinstance(event["time"], str):
        event["time"] = iso(datetime.fromtimestamp(float(event["time"]), UTC))
    return event


def iso(moment: datetime) -> str:
    """Format a time as EventBridge does: whole seconds, UTC, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(rule: Any, target_arn: str) -> None:
    """Check the policies of functions and queues; other targets are not checked. Raises: NotPermitted."""
    _, _, service, region, account, *rest = target_arn.split(":")
    if service == "lambda":
        policy = lambda_backends[account][region].get_function(target_arn).policy.statements
        _must_allow(policy, "lambda:InvokeFunction", rule)
    elif service == "sqs":
        policy = json.loads(sqs_backends[account][region].get_queue(rest[0]).policy or "{}").get("Statement", [])
        _must_allow(policy, "sqs:SendMessage", rule)


def _must_allow(statements: list[dict[str, Any]], action: str, rule: Any) -> None:
    if not any(_allows(statement, action, rule) for statement in statements):
        raise NotPermitted(f"no resource policy allows {_SERVICE} to call {action} for {rule.arn}")


def _allows(statement: dict[str, Any], action: str, rule: Any) -> bool:
    principal = statement.get("Principal")
    services = ["*"] if principal == "*" else _list((principal or {}).get("Service"))
    return (
        statement.get("Effect") == "Allow"
        and bool({_SERVICE, "*"} & set(services))
        and any(fnmatchcase(action.lower(), allowed.lower()) for allowed in _list(statement.get("Action")))
        and all(_holds(condition, rule) for condition in (statement.get("Condition") or {}).values())
    )


def _holds(condition: dict[str, Any], rule: Any) -> bool:
    actual = {"aws:sourcearn": rule.arn, "aws:sourceaccount": rule.account_id}
    return all(
        any(fnmatchcase(actual[key.lower()], wanted) for wanted in _list(values))
        for key, values in condition.items()
        if key.lower() in actual
    )


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
