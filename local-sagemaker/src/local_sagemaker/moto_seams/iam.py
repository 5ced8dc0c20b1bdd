"""IAM's roles, and the simulation of their policies.

moto keeps a template's policies as parsed objects, and then returns them in Python's notation. On a stack update it
changes only a role's description; here its policies, trust policy and boundary change too.
It lacks SimulatePrincipalPolicy, which the `sagemaker` SDK calls before it uses a role. Here, it is for roles alone,
and ignores context entries, so that a Condition finds no values.
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Policy, Role, iam_backends
from moto.iam.responses import IamResponse
from moto.utilities.utils import get_partition

from local_sagemaker.iam.policy import Permission, Statement, decision, statements_of
from local_sagemaker.moto_seams.common.patches import Patches


def install(patches: Patches) -> None:
    patches.replace(Role, "put_policy", _as_json)
    patches.replace(Role, "update_from_cloudformation_json", _with_policies)
    patches.add(IamResponse, "simulate_principal_policy", _simulate)


def statements(arn: str) -> list[Statement]:
    """The current statements of the role's inline and attached policies; none if the role does not exist."""
    _, partition, _, _, account, _ = arn.split(":", 5)
    found = [role for role in list(iam_backends[account][partition].roles.values()) if role.arn == arn]
    return [one for role in found for document in documents(role) for one in statements_of(document)]


def documents(role: Any) -> Iterator[str]:
    """The role's policies, inline and attached, as JSON."""
    yield from list(role.policies.values())
    for policy in list(role.managed_policies.values()):
        yield _default_document(policy)


def _default_document(policy: Policy) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _as_json(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def put_policy(role: Any, name: str, document: Any) -> None:
        original(role, name, document if isinstance(document, str) else json.dumps(document))

    return put_policy


def _with_policies(original: Any) -> Any:
    @wraps(original.__func__)
    def update(
        cls: Any,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        original.__func__(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)
        properties = cloudformation_json["Properties"]
        role = iam_backends[account_id][get_partition(region_name)].get_role(original_resource.name)
        role.policies = {}
        for one in properties.get("Policies", ()):
            role.put_policy(one["PolicyName"], one["PolicyDocument"])
        role.permissions_boundary_arn = properties.get("PermissionsBoundary", "")
        role.assume_role_policy_document = json.dumps(properties["AssumeRolePolicyDocument"])
        return role

    return classmethod(update)


def _simulate(response: Any) -> ActionResult:
    arn = response._get_param("PolicySourceArn")
    found = [role for role in response.backend.get_roles() if role.arn == arn]
    if not found:
        raise NotFoundException(f"The entity {arn} cannot be found; the local AWS simulates only roles.")
    given = response._get_param("PolicyInputList") or []
    statements = [one for document in (*documents(found[0]), *given) for one in statements_of(document)]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": decision(statements, Permission(action, resource)),
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action in response._get_param("ActionNames")
        for resource in response._get_param("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})
