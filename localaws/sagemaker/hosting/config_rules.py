"""What AWS checks across the members of an endpoint config, and what is not hosted here and says so."""

from collections.abc import Mapping
from typing import Any

from localaws.sagemaker.errors import invalid

_NOT_OF_A_CONFIG = ("AsyncInferenceConfig", "ExplainerConfig", "ShadowProductionVariants", "CrossRegionTrafficConfig")
_NOT_OF_A_VARIANT = (
    "ServerlessConfig", "ManagedInstanceScaling", "InstancePools", "AcceleratorType", "CoreDumpConfig",
    "CapacityReservationConfig", "AcceleratorPartitionLayouts",
)  # fmt: skip


def check_config(request: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException."""
    for member in _NOT_OF_A_CONFIG:
        if request.get(member):
            raise invalid(f"This local AWS hosts real-time endpoints only: it does not do {member}.")
    if request.get("DataCaptureConfig", {}).get("EnableCapture"):
        raise invalid("This local AWS captures no data: DataCaptureConfig.EnableCapture must be false, or left out.")
    names = [variant["VariantName"].lower() for variant in request["ProductionVariants"]]
    if len(set(names)) < len(names):
        raise invalid(f"The names of production variants must be unique within an endpoint config: {sorted(names)}.")
    for variant in request["ProductionVariants"]:
        _check_variant(variant)


def check_deployment(request: Mapping[str, Any]) -> None:
    """All traffic moves at once here, as it does on AWS by default. Raises: ServiceError: ValidationException."""
    config = request.get("DeploymentConfig", {})
    routing = config.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration", {})
    if routing.get("Type", "ALL_AT_ONCE") != "ALL_AT_ONCE" or "RollingUpdatePolicy" in config:
        raise invalid("This local AWS shifts traffic ALL_AT_ONCE: it does no canary, linear or rolling deployment.")
    if config.get("AutoRollbackConfiguration", {}).get("Alarms"):
        raise invalid("This local AWS has no alarms for an AutoRollbackConfiguration.")


def _check_variant(variant: Mapping[str, Any]) -> None:
    for member in _NOT_OF_A_VARIANT:
        if variant.get(member):
            raise invalid(f"This local AWS does not do {member} of a production variant.")
    for member in ("ModelName", "InstanceType", "InitialInstanceCount"):
        if member not in variant:
            raise invalid(f"{member} is required for the production variant {variant['VariantName']}.")
