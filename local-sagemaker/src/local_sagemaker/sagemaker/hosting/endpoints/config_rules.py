"""Checks of an endpoint config: AWS's rules across members, and the rejection of what is not supported here."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.hosting.serverless import rules as serverless
from local_sagemaker.sagemaker.protocol.errors import invalid

_NOT_OF_A_CONFIG = ("AsyncInferenceConfig", "ExplainerConfig", "ShadowProductionVariants", "CrossRegionTrafficConfig")
_NOT_OF_A_VARIANT = (
    "ManagedInstanceScaling", "InstancePools", "AcceleratorType", "CoreDumpConfig",
    "CapacityReservationConfig", "AcceleratorPartitionLayouts",
)  # fmt: skip


def check_config(request: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException."""
    for member in _NOT_OF_A_CONFIG:
        if request.get(member):
            raise invalid(f"The local AWS hosts only real-time endpoints: it does not support {member}.")
    if request.get("DataCaptureConfig", {}).get("EnableCapture"):
        raise invalid("The local AWS captures no data: DataCaptureConfig.EnableCapture must be false or omitted.")
    names = [variant["VariantName"].lower() for variant in request["ProductionVariants"]]
    if len(set(names)) < len(names):
        raise invalid(f"The names of production variants must be unique within an endpoint config: {sorted(names)}.")
    for variant in request["ProductionVariants"]:
        _check_variant(variant)
    serverless.check_config(request)


def check_deployment(request: Mapping[str, Any]) -> None:
    """All traffic shifts at once here, as by default on AWS. Raises: ServiceError: ValidationException."""
    config = request.get("DeploymentConfig", {})
    routing = config.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration", {})
    if routing.get("Type", "ALL_AT_ONCE") != "ALL_AT_ONCE" or "RollingUpdatePolicy" in config:
        raise invalid(
            "The local AWS shifts traffic ALL_AT_ONCE: it does not support canary, linear or rolling deployments."
        )
    if config.get("AutoRollbackConfiguration", {}).get("Alarms"):
        raise invalid("The local AWS has no alarms for an AutoRollbackConfiguration.")


def _check_variant(variant: Mapping[str, Any]) -> None:
    for member in _NOT_OF_A_VARIANT:
        if variant.get(member):
            raise invalid(f"The local AWS does not support {member} of a production variant.")
    if serverless.is_serverless(variant):
        return
    for member in ("ModelName", "InstanceType", "InitialInstanceCount"):
        if member not in variant:
            raise invalid(f"{member} is required for the production variant {variant['VariantName']}.")
