"""Members of requests that this service takes and does nothing with: each either harmless, or refused.

A member is harmless if the training job's result is the same without it. What would change the result is refused with
the reason: nothing is passed over in silence. Paths are below CreateTrainingJob's request or a training job
definition; `[]` stands for every item of a list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from localaws.sagemaker.errors import invalid

HARMLESS = {
    "RoleArn": "there is no IAM here: programs run as the user who started the local AWS",
    "VpcConfig": "programs have this machine's network",
    "EnableInterContainerTrafficEncryption": "there is only one container",
    "EnableManagedSpotTraining": "nothing is interrupted, and nothing costs anything",
    "ResourceConfig.InstanceType": "there is one machine: this one; the program is told the type",
    "ResourceConfig.VolumeSizeInGB": "there is as much space as the disk has",
    "ResourceConfig.VolumeKmsKeyId": "the disk is this machine's",
    "ResourceConfig.KeepAlivePeriodInSeconds": "the machine is always warm",
    "StoppingCondition.MaxWaitTimeInSeconds": "there is always capacity",
    "StoppingCondition.MaxPendingTimeInSeconds": "there is always capacity",
    "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries": "time series are kept nowhere",
    "InputDataConfig[].ShuffleConfig": "in File mode it is the order in which files are listed",
    "InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType": "one instance gets every file",
    "InputDataConfig[].DataSource.S3DataSource.ModelAccessConfig": "there is no hub whose terms could be accepted",
    "DebugHookConfig": "nothing is saved by hooks that no program has",
    "ProfilerConfig": "nothing is profiled",
    "ExperimentConfig": "the job is no trial component; its metrics are in Describe",
    "InfraCheckConfig": "there is no instance to check",
    "SessionChainingConfig": "there is no IAM here",
}


@dataclass(frozen=True)
class Refused:
    """Why, and for which values; without `when`, for every one."""

    why: str
    when: Callable[[Any], bool] = lambda _: True


def _is_not(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value not in allowed


REFUSED = {
    "AlgorithmSpecification.AlgorithmName": Refused("there are no algorithm resources here; give a TrainingImage"),
    "AlgorithmSpecification.TrainingImageConfig": Refused(
        "images are found on this machine, in no private registry",
        lambda config: config["TrainingRepositoryAccessMode"] != "Platform" or len(config) > 1,
    ),
    "InputDataConfig[].DataSource.FileSystemDataSource": Refused("there are no file systems of AWS's here"),
    "InputDataConfig[].DataSource.DatasetSource": Refused("there is no hub here"),
    "InputDataConfig[].DataSource.S3DataSource.S3DataType": Refused(
        "channels are filled from S3Prefix and ManifestFile", _is_not("S3Prefix", "ManifestFile")
    ),
    "InputDataConfig[].DataSource.S3DataSource.AttributeNames": Refused("they are AugmentedManifestFile's", bool),
    "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig": Refused("there is no hub here"),
    "InputDataConfig[].CompressionType": Refused(
        "data are decompressed in Pipe mode only; decompress them in your program", _is_not("None")
    ),
    "InputDataConfig[].RecordWrapperType": Refused("records are wrapped in Pipe mode only", _is_not("None")),
    "InputDataConfig[].InputMode": Refused("data come as files, not through pipes", _is_not("File", "FastFile")),
    "AlgorithmSpecification.TrainingInputMode": Refused(
        "data come as files, not through pipes", _is_not("File", "FastFile")
    ),
    "ResourceConfig.InstanceCount": Refused("training is on one instance", _is_not(1)),
    "ResourceConfig.InstanceGroups[].InstanceCount": Refused("training is on one instance", _is_not(1)),
    "ResourceConfig.InstancePlacementConfig": Refused("there are no UltraServers here"),
    "ResourceConfig.InstancePreferences": Refused("there is one machine; give an InstanceType"),
    "ResourceConfig.TrainingPlanArn": Refused("there are no training plans here"),
    "ResourceConfig.SelectedInstanceType": Refused("it is read-only"),
    "ResourceConfig.SelectedInstanceCount": Refused("it is read-only"),
    "DebugRuleConfigurations": Refused("Debugger's rules run nowhere here", bool),
    "ProfilerRuleConfigurations": Refused("the profiler's rules run nowhere here", bool),
    "TensorBoardOutputConfig": Refused("TensorBoard's files are not uploaded; write them to the output folder"),
    "RemoteDebugConfig": Refused(
        "there is no Systems Manager here", lambda config: bool(config.get("EnableRemoteDebug"))
    ),
    "ServerlessJobConfig": Refused("there are no serverless training jobs here"),
    "MlflowConfig": Refused("there is no managed MLflow here"),
    "ModelPackageConfig": Refused("the model is not registered; do so when the job has ended"),
}


def check_not_acted_on(definition: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException, for what would change the result and is not done here."""
    for path, refused in REFUSED.items():
        for value in _at(definition, path.replace("[]", ".[]").split(".")):
            if refused.when(value):
                raise invalid(f"This local AWS does not do {path}, as asked for: {refused.why}.")


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "[]":
        for item in value:
            yield from _at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
