"""The rules for serverless variants.

docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html lists the features that are excluded; the wording of
the refusals is ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid

_MEMORY_STEP_MB = 1024
_OF_INSTANCES = (
    "InstanceType", "InitialInstanceCount", "ContainerStartupHealthCheckTimeoutInSeconds",
    "ModelDataDownloadTimeoutInSeconds", "VolumeSizeInGB", "RoutingConfig", "EnableSSMAccess", "InferenceAmiVersion",
)  # fmt: skip
"""Members that describe an instance. That AWS refuses them all beside a ServerlessConfig is assumed."""

Variant = Mapping[str, Any]


def is_serverless(variant: Variant) -> bool:
    return "ServerlessConfig" in variant


def check_config(request: Mapping[str, Any]) -> None:
    """Check a request of CreateEndpointConfig with serverless variants. Raises: ServiceError: ValidationException."""
    variants = request["ProductionVariants"]
    if not any(map(is_serverless, variants)):
        return
    if len(variants) > 1:
        raise invalid("A serverless endpoint has only one production variant.")
    if request.get("VpcConfig") or request.get("EnableNetworkIsolation"):
        raise invalid("Serverless endpoints support neither a VPC configuration nor network isolation.")
    _check_variant(variants[0])


def check_model(variant: Variant, model: Mapping[str, Any]) -> None:
    """Check the model of a variant, as CreateModel got it. That AWS refuses these models when the endpoint config is
    created, not later, is an assumption. Raises: ServiceError: ValidationException."""
    if not is_serverless(variant):
        return
    if model.get("VpcConfig") or model.get("EnableNetworkIsolation"):
        text = "Serverless endpoints support neither a VPC configuration nor network isolation, but model"
        raise invalid(f'{text} "{model["ModelName"]}" has one.')
    containers = [model.get("PrimaryContainer", {}), *model.get("Containers", [])]
    if any(one.get("ImageConfig", {}).get("RepositoryAccessMode") == "Vpc" for one in containers):
        raise invalid("Serverless endpoints do not support private Docker registries.")


def check_conversion(before: Sequence[Variant], after: Sequence[Variant]) -> None:
    """Raises: ServiceError: ValidationException: an endpoint with instances would become serverless. The other way is
    allowed."""
    if any(map(is_serverless, after)) and not all(map(is_serverless, before)):
        raise invalid("An endpoint with instances cannot be updated to a serverless endpoint.")


def check_changes(variants: Iterable[Variant], changes: Iterable[Mapping[str, Any]]) -> None:
    """Check a request of UpdateEndpointWeightsAndCapacities for existing variants.

    Raises: ServiceError: ValidationException."""
    known = {variant["VariantName"]: variant for variant in variants}
    for change in changes:
        variant = known[change["VariantName"]]
        if is_serverless(variant) and "DesiredInstanceCount" in change:
            raise invalid(f"The serverless production variant {variant['VariantName']} has no instances.")
        if not is_serverless(variant) and "ServerlessUpdateConfig" in change:
            raise invalid(f"The production variant {variant['VariantName']} is not serverless.")
        if is_serverless(variant):
            _check_concurrency(changed(variant["ServerlessConfig"], change))


def changed(config: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A serverless config after a change of UpdateEndpointWeightsAndCapacities."""
    return {**config, **change.get("ServerlessUpdateConfig", {})}


def _check_variant(variant: Variant) -> None:
    if "ModelName" not in variant:
        raise invalid(f"ModelName is required for the production variant {variant['VariantName']}.")
    for member in _OF_INSTANCES:
        if member in variant:
            raise invalid(f"A production variant with a ServerlessConfig must not have {member}.")
    memory = variant["ServerlessConfig"]["MemorySizeInMB"]
    if memory % _MEMORY_STEP_MB:
        raise invalid(f"MemorySizeInMB must be a multiple of {_MEMORY_STEP_MB}, not {memory}.")
    _check_concurrency(variant["ServerlessConfig"])


def _check_concurrency(config: Mapping[str, Any]) -> None:
    provisioned, most = config.get("ProvisionedConcurrency", 0), config["MaxConcurrency"]
    if provisioned > most:
        raise invalid(f"ProvisionedConcurrency must be at most MaxConcurrency, {most}, not {provisioned}.")
