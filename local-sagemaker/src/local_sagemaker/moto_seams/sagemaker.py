"""SageMaker's model registry (moto 5.2.5 `sagemaker/models.py`).

moto creates a second version for the same ClientToken, silently replaces an existing group, erases what
UpdateModelPackage leaves out, drops members that it does not know, and emits no events; AWS does none of these. It has
neither of the deletions, takes the number of a group's packages for its last version, and fails on a package's tags.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from types import SimpleNamespace
from typing import Any

from moto.core.responses import EmptyResult
from moto.sagemaker.exceptions import AWSValidationException, ConflictException, ValidationError
from moto.sagemaker.models import ModelPackage, SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse

from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.protocol.errors import ServiceError

Emit = Callable[[dict[str, Any]], None]

_ONLY_STORED = (
    "ModelCard", "ModelLifeCycle", "ModelPackageRegistrationType", "SecurityConfig", "SkipModelValidation", "SourceUri",
)  # fmt: skip
"""Members of the requests and of DescribeModelPackage that moto does not know."""
_NO_TAGS = "Tags are not supported in Model Package versions. Please add them to the Model Package Group."
"""AWS's words for CreateModelPackage; that AddTags and DeleteTags refuse a version in the same way is an assumption."""
_NOT_IN_EVENTS = ("CreatedBy", "LastModifiedBy")


def install(patches: Patches, emit: Emit) -> None:
    """Make the registry behave as AWS's; `emit` receives an event for each change of a model package's state."""
    patches.replace(SageMakerModelBackend, "create_model_package", _numbered)
    patches.replace(SageMakerModelBackend, "create_model_package", _once)
    patches.replace(SageMakerModelBackend, "create_model_package", _untagged)
    patches.replace(SageMakerModelBackend, "create_model_package_group", _unique)
    patches.replace(SageMakerModelBackend, "update_model_package", _partial)
    patches.replace(SageMakerModelBackend, "_get_resource_from_arn", _with_packages)
    patches.replace(SageMakerModelBackend, "add_tags", _overwriting)
    patches.replace(SageMakerModelBackend, "delete_tags", _of_no_version)
    patches.replace(ModelPackage, "gen_response_object", _whole)
    patches.replace(SageMakerResponse, "create_model_package", lambda original: _emitting(original, emit))
    patches.replace(SageMakerResponse, "update_model_package", lambda original: _emitting(original, emit))
    patches.one_at_a_time(SageMakerModelBackend, "create_model_package", "create_model_package_group")
    patches.add(SageMakerResponse, "delete_model_package", _delete_package)
    patches.add(SageMakerResponse, "delete_model_package_group", _delete_group)


def package(account: str, region: str, name: str) -> dict[str, Any] | None:
    """The model package of that name or ARN, as DescribeModelPackage returns it, or None."""
    try:
        found = sagemaker_backends[account][region].describe_model_package(name)
    except ValidationError:
        return None
    return dict(found.gen_response_object())


def packages(account: str, region: str) -> list[dict[str, Any]]:
    """All model packages, as DescribeModelPackage returns them, with their tags; a versioned one has its group's
    (API_CreateModelPackage, `Tags`)."""
    backend = sagemaker_backends[account][region]
    found = []
    for one in list(backend.model_packages.values()):
        owner = backend.model_package_groups.get(one.model_package_group_name, one)
        found.append({**one.gen_response_object(), "Tags": owner.tags or []})
    return found


def state_change(described: dict[str, Any]) -> dict[str, Any]:
    """The event for a model package's current state, from what DescribeModelPackage returns.

    docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: unlike in the events of jobs,
    times are ISO, and LastModifiedTime is included from the start. AWS adds the digest of each image, which is unknown
    here."""
    detail = {name: _iso(value) for name, value in described.items() if name not in _NOT_IN_EVENTS}
    return {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "resources": [described["ModelPackageArn"]],
        "detail": {"LastModifiedTime": detail["CreationTime"], **detail},
    }


def _numbered(original: Callable[..., str]) -> Callable[..., str]:
    """Count the deleted packages of the group too: a version is never given twice."""

    @wraps(original)
    def create_model_package(backend: Any, *args: Any, **kwargs: Any) -> str:
        group = str(kwargs.get("model_package_group_name"))
        deleted = range(_deleted(backend).get(group, 0))
        backend.model_packages.update({n: SimpleNamespace(model_package_group_name=group) for n in deleted})
        try:
            return original(backend, *args, **kwargs)
        finally:
            for n in deleted:
                del backend.model_packages[n]

    return create_model_package


def _deleted(backend: Any) -> dict[str, int]:
    """How many packages of each group were deleted; saved with the rest of the backend."""
    counts: dict[str, int] = vars(backend).setdefault("deleted_packages", {})
    return counts


def _once(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def create_model_package(backend: Any, *args: Any, client_token: str | None = None, **kwargs: Any) -> str:
        if not client_token:
            return original(backend, *args, client_token=client_token, **kwargs)
        made = vars(backend).setdefault("made_by_token", {})  # saved with the rest of the backend
        if client_token not in made:
            made[client_token] = original(backend, *args, client_token=client_token, **kwargs)
        return str(made[client_token])

    return create_model_package


def _untagged(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def create_model_package(backend: Any, *args: Any, **kwargs: Any) -> str:
        if kwargs.get("model_package_group_name") and kwargs.get("tags"):
            raise AWSValidationException(_NO_TAGS)
        return original(backend, *args, **kwargs)

    return create_model_package


def _with_packages(original: Callable[..., Any]) -> Callable[..., Any]:
    """Find what has the tags of an ARN; those of a version are its group's (API_CreateModelPackage, `Tags`)."""

    @wraps(original)
    def get_resource_from_arn(backend: Any, arn: str) -> Any:
        kind, _, name = arn.rpartition(":")[2].partition("/")
        if kind not in ("model-package", "model-package-group"):
            return original(backend, arn)
        owner: Any = backend.describe_model_package(arn) if kind == "model-package" else None
        if group := owner.model_package_group_name if owner else name:
            owner = backend.describe_model_package_group(group)
        owner.tags = owner.tags or []
        return owner

    return get_resource_from_arn


def _overwriting(original: Callable[..., Any]) -> Callable[..., Any]:
    """Overwrite the value of a key that exists; moto would list the key twice."""

    @wraps(original)
    def add_tags(backend: Any, arn: str, new: list[dict[str, str]]) -> Any:
        try:
            added = tags.given({"Tags": new})
        except ServiceError as refused:
            raise AWSValidationException(refused.message) from refused
        backend.delete_tags(arn, list(added))
        return original(backend, arn, new)

    return add_tags


def _of_no_version(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def delete_tags(backend: Any, arn: str, keys: list[str]) -> None:
        if "/" in arn.partition("/")[2]:
            raise AWSValidationException(_NO_TAGS)
        original(backend, arn, keys)

    return delete_tags


def _unique(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def create_model_package_group(backend: Any, model_package_group_name: str, *args: Any, **kwargs: Any) -> str:
        if model_package_group_name in backend.model_package_groups:
            arn = backend.model_package_groups[model_package_group_name].arn
            raise AWSValidationException(f"Model Package Group already exists: {arn}")
        return original(backend, model_package_group_name, *args, **kwargs)

    return create_model_package_group


def _partial(original: Callable[..., str]) -> Callable[..., str]:
    """Leave unchanged what the request omits. That given metadata are merged into the existing ones is an assumption:
    the documentation does not tell, but CustomerMetadataPropertiesToRemove would have no use otherwise."""

    @wraps(original)
    def update_model_package(backend: Any, model_package_arn: str, **changes: Any) -> str:
        found = backend.model_packages.get(model_package_arn)
        if found is None:
            return original(backend, model_package_arn=model_package_arn, **changes)
        for member in ("model_approval_status", "approval_description"):
            if changes[member] is None:
                changes[member] = getattr(found, member)
        metadata = {**(found.customer_metadata_properties or {}), **(changes["customer_metadata_properties"] or {})}
        changes["customer_metadata_properties"] = metadata or None
        if not metadata:
            changes["customer_metadata_properties_to_remove"] = []  # moto fails on removing from nothing
        return original(backend, model_package_arn=model_package_arn, **changes)

    return update_model_package


def _delete_package(response: Any) -> EmptyResult:
    backend = response.sagemaker_backend
    found = backend.describe_model_package(response._get_param("ModelPackageName"))
    del backend.model_packages[found.arn]
    for name in [name for name, arn in backend.model_package_name_mapping.items() if arn == found.arn]:
        del backend.model_package_name_mapping[name]
    if group := found.model_package_group_name:
        _deleted(backend)[group] = _deleted(backend).get(group, 0) + 1
    return EmptyResult()


def _delete_group(response: Any) -> EmptyResult:
    backend = response.sagemaker_backend
    delete_group(backend, response._get_param("ModelPackageGroupName").rpartition("/")[2])
    return EmptyResult()


def delete_group(backend: Any, name: str) -> None:
    """Delete an empty group. That AWS's ConflictException is for a group with packages is an assumption: its reference
    only names the error.

    Raises: ValidationError: it does not exist; ConflictException: it has packages."""
    group = backend.describe_model_package_group(name)
    if any(package.model_package_group_name == name for package in backend.model_packages.values()):
        raise ConflictException(f"Model Package Group {group.arn} cannot be deleted because it is not empty.")
    del backend.model_package_groups[name]
    _deleted(backend).pop(name, None)


def _whole(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    @wraps(original)
    def gen_response_object(package: Any) -> dict[str, Any]:
        return {**original(package), **_only_stored(package)}

    return gen_response_object


def _emitting(original: Callable[[Any], Any], emit: Emit) -> Callable[[Any], Any]:
    """Store the members that moto drops, and emit the event if the state is new. Requests reach moto one at a time."""

    @wraps(original)
    def answer(response: Any) -> Any:
        packages = response.sagemaker_backend.model_packages
        before = {arn: _state(found) for arn, found in packages.items()}
        result = original(response)
        arn = result.result["ModelPackageArn"]
        if arn not in before:  # none of the model is validated here
            packages[arn].model_package_status_details = {"ValidationStatuses": [], "ImageScanStatuses": []}
        if arn not in before or "ModelPackageArn" in response._get_params():
            _store(packages[arn], response._get_params())
        if before.get(arn) != _state(packages[arn]):
            emit(state_change(packages[arn].gen_response_object()))
        return result

    return answer


def _store(package: Any, request: dict[str, Any]) -> None:
    _only_stored(package).update({name: request[name] for name in _ONLY_STORED if name in request})
    if "InferenceSpecification" in request:
        package.inference_specification = request["InferenceSpecification"]


def _only_stored(package: Any) -> dict[str, Any]:
    members: dict[str, Any] = vars(package).setdefault("only_stored", {})
    return members


def _state(package: Any) -> tuple[Any, ...]:
    """What is announced when it changes. That a new life-cycle stage is and that other members are not is assumed."""
    life_cycle = dict(_only_stored(package).get("ModelLifeCycle", {}))
    return package.model_package_status, package.model_approval_status, life_cycle


def _iso(value: Any) -> Any:
    return value.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
