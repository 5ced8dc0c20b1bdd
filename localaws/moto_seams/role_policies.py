"""IAM's policies in the line of roles.

moto keeps a template's as parsed, and then tells them in Python's words. In its lists `AWS::NoValue` leaves a hole.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.iam.models import Role

from localaws.moto_seams.patches import Patches


def install(patches: Patches) -> None:
    """Keeps every policy as JSON."""
    patches.replace(Role, "put_policy", _as_json)


def _as_json(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def put_policy(role: Any, name: str, document: Any) -> None:
        original(role, name, document if isinstance(document, str) else json.dumps(_whole(document)))

    return put_policy


def _whole(value: Any) -> Any:
    """Without the holes, as CloudFormation takes them out."""
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    return [_whole(inner) for inner in value if inner is not None] if isinstance(value, list) else value
