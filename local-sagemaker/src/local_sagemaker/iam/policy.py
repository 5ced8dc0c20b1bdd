"""Evaluates a role's own policies for a request.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: a Deny wins over an Allow, and
without either the request is denied. Resource policies and permissions boundaries are not evaluated.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_sagemaker.iam.conditions import Context, holds, like, listed

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Permission:
    """One permission that a request needs. `resource` is `*` where the action has no resource type."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


def statements_of(document: str | Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document, as JSON or parsed."""
    return listed((json.loads(document) if isinstance(document, str) else document)["Statement"])


def decision(statements: Iterable[Statement], asked: Permission) -> str:
    """allowed, explicitDeny or implicitDeny. Raises: UnknownOperator."""
    effects = {statement["Effect"] for statement in statements if applies(statement, asked)}
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def applies(statement: Statement, asked: Permission) -> bool:
    """Whether the statement, Allow or Deny, applies to this permission. Raises: UnknownOperator."""
    return (
        _names(statement, "Action", asked.action, lower=True)
        and _names(statement, "Resource", asked.resource, lower=False)
        and holds(statement.get("Condition") or {}, asked.context)
    )


def _names(statement: Statement, element: str, value: str, *, lower: bool) -> bool:
    """Whether its Action or Resource matches the value, or its NotAction or NotResource does not."""
    is_negative = f"Not{element}" in statement
    patterns = [str(pattern) for pattern in listed(statement.get(f"Not{element}" if is_negative else element))]
    matches = any(like(value.lower(), one.lower()) if lower else like(value, one) for one in patterns)
    return matches != is_negative
