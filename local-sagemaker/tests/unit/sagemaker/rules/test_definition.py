"""What SageMaker refuses across the members of a training job's request, and what this service does not do."""

from collections.abc import Mapping
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.validation import service_model
from local_sagemaker.sagemaker.rules import check_training_job
from local_sagemaker.sagemaker.rules.unsupported import UNSUPPORTED
from support.accepted import TRAINING_JOB, TUNING_JOB, changed
from support.complete import complete
from support.sagemaker_world import World

ALGORITHM, CHANNEL, RESOURCES = "AlgorithmSpecification", "InputDataConfig.0", "ResourceConfig"
STOPPING, SOURCE = "StoppingCondition", "InputDataConfig.0.DataSource"
TRAIN = TRAINING_JOB["InputDataConfig"][0]
METRIC = TRAINING_JOB[ALGORITHM]["MetricDefinitions"][0]
GROUP = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "InstanceGroupName": "g"}
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({ALGORITHM: None}, "AlgorithmSpecification is required"),
    ({f"{ALGORITHM}.TrainingImage": None}, "exactly one of TrainingImage and AlgorithmName"),
    ({f"{ALGORITHM}.TrainingImage": ""}, "exactly one of TrainingImage and AlgorithmName"),
    ({f"{ALGORITHM}.AlgorithmName": "a"}, "exactly one of TrainingImage and AlgorithmName"),
    ({f"{ALGORITHM}.MetricDefinitions": [METRIC, METRIC]}, "names of metric definitions must be unique"),
    ({f"{ALGORITHM}.MetricDefinitions.0.Regex": "mse=("}, "Regex of the metric mse is not a valid regular expression"),
    ({RESOURCES: None}, "InstanceType and an InstanceCount, or InstanceGroups"),
    ({f"{RESOURCES}.InstanceType": None}, "both an InstanceType and an InstanceCount"),
    ({f"{RESOURCES}.InstanceCount": None}, "both an InstanceType and an InstanceCount"),
    ({f"{RESOURCES}.InstanceGroups": [GROUP]}, "InstanceType and an InstanceCount, or InstanceGroups"),
    ({RESOURCES: {"InstanceGroups": [GROUP, {**GROUP, "InstanceGroupName": "h"}]}}, "must have exactly one group"),
    ({f"{SOURCE}.S3DataSource.InstanceGroupNames": ["g"]}, r"unknown instance groups: \['g'\]"),
    ({f"{STOPPING}.MaxRuntimeInSeconds": 28 * 86_400 + 1}, "MaxRuntimeInSeconds must be at most 2419200"),
    (
        {"EnableManagedSpotTraining": False},
        "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
    ),
    (
        {f"{STOPPING}.MaxWaitTimeInSeconds": 59},
        "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    ),
    ({f"{STOPPING}.MaxWaitTimeInSeconds": None}, "It must be present and be greater than or equal to"),
    ({STOPPING: None}, "It must be present and be greater than or equal to"),
    ({"InputDataConfig": [TRAIN, TRAIN]}, "names of channels must be unique"),
    ({f"{CHANNEL}.ChannelName": ".."}, "is not a valid folder name"),
    ({SOURCE: {}}, "must have exactly one data source"),
    ({f"{SOURCE}.S3DataSource.S3Uri": "https://bucket/in/"}, "InputDataConfig.train.S3Uri must begin with s3://"),
    ({"OutputDataConfig.S3OutputPath": "https://bucket/out/"}, "S3OutputPath must begin with s3://"),
    ({"CheckpointConfig.S3Uri": "https://bucket/c/"}, "CheckpointConfig.S3Uri must begin with s3://"),
    ({"Environment": {"NAME": "a\0b"}}, "NAME must not contain a NUL character"),
    ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, r"Duplicate tag keys found: \['a'\]"),
    ({"Tags": [{"Key": "aws:a", "Value": ""}]}, "aws: prefixed tag key names are not allowed for external use"),
]


HARMLESS = {
    "RoleArn": "there is no IAM here: programs run as the user who started the local AWS",
    "VpcConfig": "programs have this machine's network",
    "EnableInterContainerTrafficEncryption": "there is only one container",
    "EnableManagedSpotTraining": "nothing is interrupted, and nothing costs anything",
    "ResourceConfig.InstanceType": "there is only this machine; the program can read the type",
    "ResourceConfig.VolumeSizeInGB": "there is as much space as the disk has",
    "ResourceConfig.VolumeKmsKeyId": "the disk is this machine's",
    "ResourceConfig.KeepAlivePeriodInSeconds": "the machine is always warm",
    "StoppingCondition.MaxWaitTimeInSeconds": "there is always capacity",
    "StoppingCondition.MaxPendingTimeInSeconds": "there is always capacity",
    "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries": "no time series are kept",
    "InputDataConfig[].ShuffleConfig": "in File mode it is only the order in which files are listed",
    "InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType": "one instance gets every file",
    "InputDataConfig[].DataSource.S3DataSource.ModelAccessConfig": "there is no hub whose terms could be accepted",
    "DebugHookConfig": "no program has hooks that save anything",
    "ProfilerConfig": "nothing is profiled",
    "ExperimentConfig": "the job does not become a trial component; Describe returns its metrics",
    "InfraCheckConfig": "there is no instance to check",
    "SessionChainingConfig": "there is no IAM here",
}
"""Members that change nothing about a training job's result here, with the reason. Every other member of a request is
acted on, or in `UNSUPPORTED`."""


def at(request: Any, path: str) -> list[Any]:
    """The values at a path of `UNSUPPORTED` or `HARMLESS`."""
    found = [request]
    for step in path.replace("[]", ".[]").split("."):
        if step == "[]":
            found = [item for value in found for item in value]
        else:
            found = [value[step] for value in found if isinstance(value, Mapping) and step in value]
    return found


@pytest.mark.parametrize(("changes", "text"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_training_job_that_breaks_a_rule_is_refused_and_starts_nothing(
    world: World, changes: dict[str, Any], text: str
) -> None:
    with pytest.raises(ServiceError, match=text) as refused:
        world.call("CreateTrainingJob", **changed(TRAINING_JOB, changes))

    assert (refused.value.code, refused.value.http_status) == ("ValidationException", 400)
    assert world.call("ListTrainingJobs")["TrainingJobSummaries"] == []
    assert world.events == []


@pytest.mark.parametrize(
    "changes",
    [
        {"EnableManagedSpotTraining": None, STOPPING: None},
        {f"{STOPPING}.MaxRuntimeInSeconds": 28 * 86_400, f"{STOPPING}.MaxWaitTimeInSeconds": 28 * 86_400},
        {RESOURCES: {"InstanceGroups": [GROUP]}, f"{SOURCE}.S3DataSource.InstanceGroupNames": ["g"]},
        {"InputDataConfig": None},
        {f"{SOURCE}.S3DataSource.S3DataType": "ManifestFile"},
    ],
)
def test_a_training_job_that_is_just_within_the_rules_is_accepted(changes: dict[str, Any]) -> None:
    check_training_job(changed(TRAINING_JOB, changes))


@pytest.mark.parametrize("path", UNSUPPORTED)
def test_what_is_not_done_here_is_refused_by_its_path(path: str) -> None:
    """The value is the last of its enumeration, or what a request with every member has there."""
    whole, last = complete("CreateTrainingJob"), path.replace("[]", ".0").split(".")[-1]
    given = {"S3DataType": "Converse", "RecordWrapperType": "RecordIO", "CompressionType": "Gzip", "InputMode": "Pipe"}
    given |= {"TrainingInputMode": "Pipe"}
    value: Any = 2 if last == "InstanceCount" else given.get(last, next(iter(at(whole, path))))
    if last == "TrainingImageConfig":
        value = {"TrainingRepositoryAccessMode": "Vpc"}
    *steps, name = path.replace("[]", ".0").split(".")
    changes = {".".join([*steps, name]): value}
    if "InstanceGroups" in path:
        changes = {RESOURCES: {"InstanceGroups": [{**GROUP, "InstanceCount": 2}]}}
    if path.endswith("AlgorithmName"):
        changes[f"{ALGORITHM}.TrainingImage"] = None

    with pytest.raises(ServiceError) as refused:
        check_training_job(changed(TRAINING_JOB, changes))

    assert refused.value.message.startswith(f"The local AWS does not support {path} with this value: ")


def test_what_is_harmless_is_accepted_all_at_once() -> None:
    """Every path of the table is in the request that is accepted, or in the tuning job's."""
    check_training_job(TRAINING_JOB)

    definition = TUNING_JOB["TrainingJobDefinition"]
    assert [path for path in HARMLESS if not at(TRAINING_JOB, path) and not at(definition, path)] == []


def test_both_tables_name_members_that_there_are() -> None:
    whole = complete("CreateTrainingJob")

    assert [path for path in [*HARMLESS, *UNSUPPORTED] if not at(whole, path)] == []


def test_every_member_of_a_training_job_is_acted_on_or_in_one_of_the_tables() -> None:
    acted_on = {
        "TrainingJobName", "HyperParameters", "AlgorithmSpecification", "InputDataConfig", "OutputDataConfig",
        "ResourceConfig", "StoppingCondition", "Tags", "CheckpointConfig", "Environment", "RetryStrategy",
        "EnableNetworkIsolation",
    }  # fmt: skip
    tables = {path.partition(".")[0].removesuffix("[]") for path in [*HARMLESS, *UNSUPPORTED]}
    members = set(service_model().operation_model("CreateTrainingJob").input_shape.members)

    assert members - acted_on - tables == set()
