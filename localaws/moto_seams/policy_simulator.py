"""IAM's SimulatePrincipalPolicy for roles, which moto lacks and the `sagemaker` SDK asks before it names a role.

The price of being small: context entries are not looked at, so that nothing is known of what a Condition asks for.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.responses import IamResponse

from localaws.iam.policy import Asked, decision, statements_of
from localaws.moto_seams.patches import Patches
from localaws.moto_seams.roles import documents


def install(patches: Patches) -> None:
    """Adds the call."""
    patches.add(IamResponse, "simulate_principal_policy", _simulate)


def _simulate(response: Any) -> ActionResult:
    arn = response._get_param("PolicySourceArn")
    found = [role for role in response.backend.get_roles() if role.arn == arn]
    if not found:
        raise NotFoundException(f"The entity {arn} cannot be found; this local AWS simulates roles only.")
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
