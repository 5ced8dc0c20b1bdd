"""Members of requests that this service does not act on: each is either ignored as harmless, or rejected.

A member is harmless if the training job's result is the same without it. A member that would change the result is
rejected with the reason, never silently ignored. Paths start at CreateTrainingJob's request or a training job
definition; `[]` stands for every item of a list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid


@dataclass(frozen=True)
class Refused:
    """The reason, and the values that are rejected; without `when`, all."""

    why: str
    when: Callable[[Any], bool] = lambda _: True


def _is_not(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value not in allowed


REFUSED = {
    "AlgorithmSpecification.AlgorithmName": Refused("there are no algorithm resources here; pass a TrainingImage"),
    "AlgorithmSpecification.TrainingImageConfig": Refused(
        "images are looked up on this machine, not in a private registry",
        lambda config: config["TrainingRepositoryAccessMode"] != "Platform" or len(config) > 1,
    ),
    "InputDataConfig[].DataSource.FileSystemDataSource": Refused("there are no AWS file systems here"),
    "InputDataConfig[].DataSource.DatasetSource": Refused("there is no hub here"),
    "InputDataConfig[].DataSource.S3DataSource.S3DataType": Refused(
        "channels are filled from S3Prefix and ManifestFile", _is_not("S3Prefix", "ManifestFile")
    ),
    "InputDataConfig[].DataSource.S3DataSource.AttributeNames": Refused("they belong to AugmentedManifestFile", bool),
    "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig": Refused("there is no hub here"),
    "InputDataConfig[].CompressionType": Refused(
        "data are decompressed only in Pipe mode; decompress them in your program", _is_not("None")
    ),
    "InputDataConfig[].RecordWrapperType": Refused("records are wrapped only in Pipe mode", _is_not("None")),
    "InputDataConfig[].InputMode": Refused("data arrive as files, not through pipes", _is_not("File", "FastFile")),
    "AlgorithmSpecification.TrainingInputMode": Refused(
        "data arrive as files, not through pipes", _is_not("File", "FastFile")
    ),
    "ResourceConfig.InstanceCount": Refused("training jobs run on one instance", _is_not(1)),
    "ResourceConfig.InstanceGroups[].InstanceCount": Refused("training jobs run on one instance", _is_not(1)),
    "ResourceConfig.InstancePlacementConfig": Refused("there are no UltraServers here"),
    "ResourceConfig.InstancePreferences": Refused("there is only one machine; pass an InstanceType"),
    "ResourceConfig.TrainingPlanArn": Refused("there are no training plans here"),
    "ResourceConfig.SelectedInstanceType": Refused("it is read-only"),
    "ResourceConfig.SelectedInstanceCount": Refused("it is read-only"),
    "DebugRuleConfigurations": Refused("Debugger rules are not run here", bool),
    "ProfilerRuleConfigurations": Refused("profiler rules are not run here", bool),
    "TensorBoardOutputConfig": Refused("TensorBoard files are not uploaded; write them to the output folder"),
    "RemoteDebugConfig": Refused(
        "there is no Systems Manager here", lambda config: bool(config.get("EnableRemoteDebug"))
    ),
    "ServerlessJobConfig": Refused("there are no serverless training jobs here"),
    "MlflowConfig": Refused("there is no managed MLflow here"),
    "ModelPackageConfig": Refused("models are not registered automatically; register it when the job has ended"),
}


def check_not_acted_on(definition: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException for an unsupported member that would change the result."""
    for path, refused in REFUSED.items():
        for value in _at(definition, path.replace("[]", ".[]").split(".")):
            if refused.when(value):
                raise invalid(f"The local AWS does not support {path} with this value: {refused.why}.")


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "[]":
        for item in value:
            yield from _at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
