"""IAM's SimulatePrincipalPolicy for roles, which moto lacks and the `sagemaker` SDK calls before it uses a role.

The price of its small size: context entries are ignored, so that a Condition finds no values.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.responses import IamResponse

from local_sagemaker.iam.policy import Asked, decision, statements_of
from local_sagemaker.moto_seams.patches import Patches
from local_sagemaker.moto_seams.roles import documents


def install(patches: Patches) -> None:
    """Add the operation."""
    patches.add(IamResponse, "simulate_principal_policy", _simulate)


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
            "EvalDecision": decision(statements, Asked(action, resource)),
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action in response._get_param("ActionNames")
        for resource in response._get_param("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})
