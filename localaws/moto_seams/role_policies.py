"""IAM's policies in the line of roles: moto keeps a template's as parsed, and then tells them in Python's words."""

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
        original(role, name, document if isinstance(document, str) else json.dumps(document))

    return put_policy
