"""IAM's SimulatePrincipalPolicy for roles, which moto lacks and the `sagemaker` SDK asks before it names a role.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: a Deny wins, then an Allow, and
what nobody allows is denied. The price of being small: a statement with a Condition never applies, as with AWS's
simulator when the condition's values are not given, and neither context entries nor boundaries are looked at.
"""

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Policy
from moto.iam.responses import IamResponse

from localaws.moto_seams.patches import Patches

Statement = dict[str, Any]


def install(patches: Patches) -> None:
    """Adds the call."""
    patches.replace(IamResponse, "simulate_principal_policy", lambda _: _simulate)


def decision(statements: Iterable[Statement], action: str, resource: str) -> str:
    """allowed, explicitDeny or implicitDeny."""
    effects = {statement["Effect"] for statement in statements if _applies(statement, action, resource)}
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def _simulate(response: Any) -> ActionResult:
    arn = response._get_param("PolicySourceArn")
    found = [role for role in response.backend.get_roles() if role.arn == arn]
    if not found:
        raise NotFoundException(f"The entity {arn} cannot be found; this local AWS simulates roles only.")
    given = response._get_param("PolicyInputList") or []
    statements = [one for document in (*_documents(found[0]), *given) for one in _statements(document)]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": decision(statements, action, resource),
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action in response._get_param("ActionNames")
        for resource in response._get_param("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _documents(role: Any) -> Iterator[str]:
    """The role's policies, in the line and attached, as JSON."""
    yield from role.policies.values()
    for policy in role.managed_policies.values():
        yield _default_document(policy)


def _default_document(policy: Policy) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _statements(document: str) -> list[Statement]:
    return _list(json.loads(document)["Statement"])


def _applies(statement: Statement, action: str, resource: str) -> bool:
    return (
        "Condition" not in statement
        and _names(statement, "Action", action.lower(), lower=True)
        and _names(statement, "Resource", resource, lower=False)
    )


def _names(statement: Statement, element: str, value: str, *, lower: bool) -> bool:
    """Whether its Action or Resource, or NotAction or NotResource, takes the value in."""
    is_negative = f"Not{element}" in statement
    patterns = [str(pattern) for pattern in _list(statement.get(f"Not{element}" if is_negative else element))]
    matches = any(fnmatchcase(value, pattern.lower() if lower else pattern) for pattern in patterns)
    return matches != is_negative


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
