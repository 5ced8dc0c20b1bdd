"""Decides who answers an operation of SageMaker's JSON API, and why the others are refused.

The allow-list holds what moto stores and returns faithfully. Everything else that moto would answer is refused: moto
completes jobs that never ran. The price: an operation that this service does not implement is never answered, even if
a canned answer would be good enough for some caller.
"""

import re
from collections.abc import Iterator
from typing import Any

MOTOS = {
    "CreateModelPackageGroup": "test_registry_shows_what_was_stored",
    "DescribeModelPackageGroup": "test_registry_shows_what_was_stored",
    "ListModelPackageGroups": "test_registry_lists_groups_and_packages",
    "DeleteModelPackageGroup": "test_a_group_is_deleted_once_it_is_empty",
    "CreateModelPackage": "test_registry_shows_what_was_stored",
    "DescribeModelPackage": "test_registry_shows_what_was_stored",
    "ListModelPackages": "test_registry_lists_groups_and_packages",
    "UpdateModelPackage": "test_an_update_keeps_what_it_does_not_mention",
    "DeleteModelPackage": "test_a_group_is_deleted_once_it_is_empty",
}
"""The model registry: each operation with its test in `moto_seams/test_sagemaker.py`."""

_NO_JOB = "moto would report work as done that never ran"
_WHY = (
    (r"Experiment|Trial", "moto loses descriptions and tags, and no job here would record itself in a trial"),
    (r"Pipeline", "moto reports every execution as Succeeded without running a step"),
    (r"AutoML|Compilation|JobDefinition", _NO_JOB),
    (r"Notebook", "there is no notebook server"),
    (r"Cluster", "there are no clusters"),
    (r"Domain|UserProfile|(Create|Delete|Describe|List)Apps?$|AppImageConfig|Space|Studio", "there is no Studio"),
    (r"Feature", "there is no feature store"),
    (r"ModelCard", "moto does not say when a card was changed"),
)
"""Why an operation is refused, by a part of its name; first match."""

_NOT_KEPT = {
    "CreateModelPackageGroup": {"ManagedConfiguration"},
    "CreateModelPackage": {"CertifyForMarketplace", "ManagedStorageType", "ValidationSpecification"},
    "ListModelPackageGroups": {"CrossAccountFilterOption"},
}
"""Members that moto drops, or reports as acted on (it says that a package was validated)."""

_TAG_OPERATIONS = {"AddTags", "ListTags", "DeleteTags"}
_OF_MOTO = re.compile(r"arn:[^:]+:sagemaker:[^:]+:\d+:model-package(-group)?/[^/]+(/\d+)?")


def is_of_moto(operation: str, request: Any) -> bool:
    """Whether moto answers this request on purpose: the model registry, and the tags of its resources."""
    if operation in _TAG_OPERATIONS:
        arn = request.get("ResourceArn") if isinstance(request, dict) else None
        return isinstance(arn, str) and _OF_MOTO.fullmatch(arn) is not None
    return operation in MOTOS


def not_kept(operation: str, request: dict[str, Any]) -> Iterator[str]:
    """The members of a registry request that would be lost."""
    return (name for name in sorted(_NOT_KEPT.get(operation, ())) if request.get(name))


def why(operation: str) -> str:
    """The reason why an operation is refused, as a clause."""
    return next((reason for part, reason in _WHY if re.search(part, operation)), "it is not built")


def refusal(operation: str) -> str:
    """What the caller reads: the operation, that nothing happened, and where to look."""
    text = f"The local AWS does not implement SageMaker's operation {operation[:100]}: {why(operation)}."
    return f"{text} Nothing was done. docs/operations.md of local-sagemaker lists what it implements."
