"""Rules that apply both to a training job and to a definition of a tuning job's training jobs."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs.defaults import DEFAULT_MAX_RUNTIME_S
from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.protocol.java_regex import searcher
from local_sagemaker.sagemaker.rules.unsupported import check_unsupported

MAX_RUNTIME_S = 28 * 86_400
"""StoppingCondition's documented maximum."""


def check_definition(definition: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException."""
    if "AlgorithmSpecification" not in definition:
        raise invalid("AlgorithmSpecification is required for a training job that is not serverless.")
    _check_algorithm(definition["AlgorithmSpecification"])
    check_unsupported(definition)
    _check_stopping(definition)
    _check_channels(definition.get("InputDataConfig", []))
    _check_places(definition)
    for name, value in definition.get("Environment", {}).items():
        if "\0" in value:
            raise invalid(f"The environment variable {name} must not contain a NUL character.")


def check_training_job(request: Mapping[str, Any]) -> None:
    """CreateTrainingJob's request. Raises: ServiceError: ValidationException."""
    check_definition(request)
    check_resources(request)


def check_resources(definition: Mapping[str, Any]) -> None:
    """Either an instance type and count, or one instance group. Raises: ServiceError: ValidationException."""
    resources = definition.get("ResourceConfig", {})
    groups = resources.get("InstanceGroups", [])
    if bool(groups) == bool({"InstanceType", "InstanceCount"} & resources.keys()):
        raise invalid("ResourceConfig must have an InstanceType and an InstanceCount, or InstanceGroups.")
    if not groups and not {"InstanceType", "InstanceCount"} <= resources.keys():
        raise invalid("ResourceConfig must have both an InstanceType and an InstanceCount.")
    if len(groups) > 1:
        raise invalid("The local AWS trains on one instance: InstanceGroups must have exactly one group.")
    names = {group["InstanceGroupName"] for group in groups}
    for channel in definition.get("InputDataConfig", []):
        asked = channel["DataSource"]["S3DataSource"].get("InstanceGroupNames", [])
        if strange := set(asked) - names:
            raise invalid(f"The channel {channel['ChannelName']} names unknown instance groups: {sorted(strange)}.")


def _check_algorithm(specification: Mapping[str, Any]) -> None:
    image, name = specification.get("TrainingImage"), specification.get("AlgorithmName")
    if bool(image) == bool(name):
        raise invalid("Provide exactly one of TrainingImage and AlgorithmName in AlgorithmSpecification.")
    metrics = specification.get("MetricDefinitions", [])
    names = [found["Name"] for found in metrics]
    if len(set(names)) < len(names):
        raise invalid(f"The names of metric definitions must be unique: {sorted(names)}.")
    for found in metrics:
        try:
            searcher(found["Regex"])
        except ValueError as error:
            raise invalid(
                f"The Regex of the metric {found['Name']} is not a valid regular expression: {error}."
            ) from error


def _check_stopping(definition: Mapping[str, Any]) -> None:
    """A spot job's maximum waiting time includes its run time."""
    condition = definition.get("StoppingCondition", {})
    wait, runtime = condition.get("MaxWaitTimeInSeconds"), condition.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_S)
    if runtime > MAX_RUNTIME_S:
        raise invalid(f"MaxRuntimeInSeconds must be at most {MAX_RUNTIME_S} (28 days), not {runtime}.")
    is_spot = definition.get("EnableManagedSpotTraining", False)
    if wait is not None and not is_spot:
        text = "It is only supported when EnableManagedSpotTraining is set to true"
        raise invalid(f"Invalid MaxWaitTimeInSeconds. {text}")
    if is_spot and (wait is None or wait < runtime):
        text = "It must be present and be greater than or equal to MaxRuntimeInSeconds"
        raise invalid(f"Invalid MaxWaitTimeInSeconds. {text}")


def _check_channels(channels: list[Mapping[str, Any]]) -> None:
    names = [channel["ChannelName"] for channel in channels]
    if len(set(names)) < len(names):
        raise invalid(f"The names of channels must be unique: {sorted(names)}.")
    for channel in channels:
        if len(channel["DataSource"]) != 1:
            raise invalid(f"The channel {channel['ChannelName']} must have exactly one data source.")
        if channel["ChannelName"] in (".", ".."):
            raise invalid(f"The name of the channel {channel['ChannelName']} is not a valid folder name.")


def _check_places(definition: Mapping[str, Any]) -> None:
    """AWS's patterns also allow https://; here, inputs and outputs must be on s3://."""
    places = {"OutputDataConfig.S3OutputPath": definition["OutputDataConfig"]["S3OutputPath"]}
    for channel in definition.get("InputDataConfig", []):
        name = f"InputDataConfig.{channel['ChannelName']}.S3Uri"
        places[name] = channel["DataSource"]["S3DataSource"]["S3Uri"]
    if "CheckpointConfig" in definition:
        places["CheckpointConfig.S3Uri"] = definition["CheckpointConfig"]["S3Uri"]
    for name, uri in places.items():
        if not uri.startswith("s3://"):
            raise invalid(f"{name} must begin with s3://: {uri[:100]}.")
