"""SageMaker's model registry (moto 5.2.5 `sagemaker/models.py`).

moto creates a second version for the same ClientToken, and silently replaces an existing group; AWS does neither.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.sagemaker.exceptions import AWSValidationException, ValidationError
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends

from local_sagemaker.moto_seams.patches import Patches


def install(patches: Patches) -> None:
    """Make CreateModelPackage idempotent by its ClientToken, and group names unique."""

    def once(original: Callable[..., str]) -> Callable[..., str]:
        @wraps(original)
        def create_model_package(backend: Any, *args: Any, client_token: str | None = None, **kwargs: Any) -> str:
            if not client_token:
                return original(backend, *args, client_token=client_token, **kwargs)
            made = vars(backend).setdefault("made_by_token", {})  # saved with the rest of the backend
            if client_token not in made:
                made[client_token] = original(backend, *args, client_token=client_token, **kwargs)
            return str(made[client_token])

        return create_model_package

    def unique(original: Callable[..., str]) -> Callable[..., str]:
        @wraps(original)
        def create_model_package_group(backend: Any, model_package_group_name: str, *args: Any, **kwargs: Any) -> str:
            if model_package_group_name in backend.model_package_groups:
                arn = backend.model_package_groups[model_package_group_name].arn
                raise AWSValidationException(f"Model Package Group already exists: {arn}")
            return original(backend, model_package_group_name, *args, **kwargs)

        return create_model_package_group

    patches.replace(SageMakerModelBackend, "create_model_package", once)
    patches.replace(SageMakerModelBackend, "create_model_package_group", unique)
    patches.one_at_a_time(SageMakerModelBackend, "create_model_package", "create_model_package_group")


def package(account: str, region: str, name: str) -> dict[str, Any] | None:
    """The model package of that name or ARN, as DescribeModelPackage returns it, or None."""
    try:
        found = sagemaker_backends[account][region].describe_model_package(name)
    except ValidationError:
        return None
    return dict(found.gen_response_object())
