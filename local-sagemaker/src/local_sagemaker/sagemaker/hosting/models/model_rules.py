"""Checks of CreateModel: AWS's rules across members, and the rejection of what is not supported here."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid

_NOT_HOSTED = ("AdditionalModelDataSources", "MultiModelConfig")


def the_container(request: Mapping[str, Any]) -> dict[str, Any]:
    """The one container definition of a model. Raises: ServiceError: ValidationException."""
    primary, several = request.get("PrimaryContainer"), request.get("Containers", [])
    if primary is not None and several:
        raise invalid("Provide either PrimaryContainer or Containers, not both.")
    if primary is None and not several:
        raise invalid("Provide a PrimaryContainer, or Containers.")
    if len(several) > 1:
        raise invalid("The local AWS hosts models of one container: inference pipelines of several are not supported.")
    container = dict(several[0] if primary is None else primary)
    _check_container(container)
    return container


def check_artifact(uri: str) -> None:
    """Raises: ServiceError: ValidationException: this kind of model data is not supported here."""
    if not uri.startswith("s3://"):
        raise invalid(f"The local AWS loads model data from s3://…, not from {uri}.")


def _check_container(container: Mapping[str, Any]) -> None:
    if container.get("Mode", "SingleModel") != "SingleModel":
        raise invalid("The local AWS hosts containers of Mode SingleModel: multi-model endpoints are not supported.")
    for member in _NOT_HOSTED:
        if container.get(member):
            raise invalid(f"The local AWS does not support {member} of a container.")
    if ("Image" in container) == ("ModelPackageName" in container):
        raise invalid("A container definition must have either an Image or a ModelPackageName.")
    if "ModelDataUrl" in container and "ModelDataSource" in container:
        raise invalid("A container definition must not have both a ModelDataUrl and a ModelDataSource.")
    _check_source(container.get("ModelDataSource", {}).get("S3DataSource"))


def _check_source(source: Mapping[str, Any] | None) -> None:
    if source and (source["S3DataType"], source["CompressionType"]) != ("S3Object", "Gzip"):
        text = "The local AWS supports a ModelDataSource of S3DataType S3Object and CompressionType Gzip, not"
        raise invalid(f"{text} {source['S3DataType']} and {source['CompressionType']}.")
