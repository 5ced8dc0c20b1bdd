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
class Unsupported:
    """The reason, and the values that are rejected; without `when`, all."""

    why: str
    when: Callable[[Any], bool] = lambda _: True


def _is_not(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value not in allowed


UNSUPPORTED = {
    "AlgorithmSpecification.AlgorithmName": Unsupported("there are no algorithm resources here; pass a TrainingImage"),
    "AlgorithmSpecification.TrainingImageConfig": Unsupported(
        "images are looked up on this machine, not in a private registry",
        lambda config: config["TrainingRepositoryAccessMode"] != "Platform" or len(config) > 1,
    ),
    "InputDataConfig[].DataSource.FileSystemDataSource": Unsupported("there are no AWS file systems here"),
    "InputDataConfig[].DataSource.DatasetSource": Unsupported("there is no hub here"),
    "InputDataConfig[].DataSource.S3DataSource.S3DataType": Unsupported(
        "channels are filled from S3Prefix and ManifestFile", _is_not("S3Prefix", "ManifestFile")
    ),
    "InputDataConfig[].DataSource.S3DataSource.AttributeNames": Unsupported(
        "they belong to AugmentedManifestFile", bool
    ),
    "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig": Unsupported("there is no hub here"),
    "InputDataConfig[].CompressionType": Unsupported(
        "data are decompressed only in Pipe mode; decompress them in your program", _is_not("None")
    ),
    "InputDataConfig[].RecordWrapperType": Unsupported("records are wrapped only in Pipe mode", _is_not("None")),
    "InputDataConfig[].InputMode": Unsupported("data arrive as files, not through pipes", _is_not("File", "FastFile")),
    "AlgorithmSpecification.TrainingInputMode": Unsupported(
        "data arrive as files, not through pipes", _is_not("File", "FastFile")
    ),
    "ResourceConfig.InstanceCount": Unsupported("training jobs run on one instance", _is_not(1)),
    "ResourceConfig.InstanceGroups[].InstanceCount": Unsupported("training jobs run on one instance", _is_not(1)),
    "ResourceConfig.InstancePlacementConfig": Unsupported("there are no UltraServers here"),
    "ResourceConfig.InstancePreferences": Unsupported("there is only one machine; pass an InstanceType"),
    "ResourceConfig.TrainingPlanArn": Unsupported("there are no training plans here"),
    "ResourceConfig.SelectedInstanceType": Unsupported("it is read-only"),
    "ResourceConfig.SelectedInstanceCount": Unsupported("it is read-only"),
    "DebugRuleConfigurations": Unsupported("Debugger rules are not run here", bool),
    "ProfilerRuleConfigurations": Unsupported("profiler rules are not run here", bool),
    "TensorBoardOutputConfig": Unsupported("TensorBoard files are not uploaded; write them to the output folder"),
    "RemoteDebugConfig": Unsupported(
        "there is no Systems Manager here", lambda config: bool(config.get("EnableRemoteDebug"))
    ),
    "ServerlessJobConfig": Unsupported("there are no serverless training jobs here"),
    "MlflowConfig": Unsupported("there is no managed MLflow here"),
    "ModelPackageConfig": Unsupported("models are not registered automatically; register it when the job has ended"),
}


def check_unsupported(definition: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException for an unsupported member that would change the result."""
    for path, unsupported in UNSUPPORTED.items():
        for value in _at(definition, path.replace("[]", ".[]").split(".")):
            if unsupported.when(value):
                raise invalid(f"The local AWS does not support {path} with this value: {unsupported.why}.")


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "[]":
        for item in value:
            yield from _at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
