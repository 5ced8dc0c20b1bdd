"""Resource policies of rule targets: without one, moto delivers; AWS drops the event and counts a failed invocation.

Only the usual contents of such policies are evaluated: Allow statements for events.amazonaws.com, and conditions on the
source.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.sqs.models import sqs_backends

_SERVICE = "events.amazonaws.com"


class NotPermitted(Exception):
    """The target's policy does not allow this rule."""


def check(rule: Any, target_arn: str) -> None:
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
