"""Which processing jobs are refused before anything starts: AWS's rules, and by name what is not supported here."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.processing_world import (
    BELOW,
    ProcessingWorld,
    a_processing_world,
    cluster,
    input_,
    output,
    outputs,
)

ATHENA = {"Catalog": "c", "Database": "d", "QueryString": "q", "OutputS3Uri": "s3://b/k", "OutputFormat": "PARQUET"}
REDSHIFT = {
    "ClusterId": "c",
    "Database": "d",
    "DbUser": "u",
    "QueryString": "q",
    "ClusterRoleArn": "arn:aws:iam::123456789012:role/redshift",
    "OutputS3Uri": "s3://b/k",
    "OutputFormat": "CSV",
}
S3 = "s3://b/k"
NO_PLACE = {"S3Uri": S3, "S3DataType": "S3Prefix"}
PREFERENCES = [{"InstanceType": "ml.m5.large"}]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessingWorld]:
    with a_processing_world(None, tmp_path_factory.mktemp("world")) as world:
        yield world


def refused(world: ProcessingWorld, **changes: Any) -> str:
    """The message; nothing was started."""
    with pytest.raises(ServiceError) as error:
        world.process(**changes)
    assert error.value.code == "ValidationException"
    assert world.call("ListProcessingJobs")["ProcessingJobSummaries"] == []
    return error.value.message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"InputName": "a"}, "The input a must have an S3Input"),
        ({"InputName": "a", "DatasetDefinition": {"AthenaDatasetDefinition": ATHENA}}, "AthenaDatasetDefinition"),
        ({"InputName": "a", "DatasetDefinition": {"RedshiftDatasetDefinition": REDSHIFT}}, "RedshiftDatasetDefinition"),
        ({"InputName": "a", "DatasetDefinition": {"LocalPath": f"{BELOW}/a"}}, "a DatasetDefinition"),
        ({"InputName": "a", "S3Input": NO_PLACE}, "must have a LocalPath, unless AppManaged is true"),
        (input_("https://b/k"), "supports s3://"),
        (input_(S3, S3InputMode="Pipe"), "S3InputMode Pipe"),
        (input_(S3, S3CompressionType="Gzip"), "can only be used with S3InputMode Pipe"),
        (input_(S3, "/opt/ml/model"), f"must begin with {BELOW}/"),
        (input_(S3, f"{BELOW}/../model"), f"must begin with {BELOW}/"),
        (input_(S3, f"{BELOW}er"), f"must begin with {BELOW}/"),
        (input_(S3, f"{BELOW}/a\0"), f"must begin with {BELOW}/"),
    ],
)
def test_an_input_is_refused_with_the_reason(world: ProcessingWorld, given: dict[str, Any], words: str) -> None:
    assert words in refused(world, ProcessingInputs=[given])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"OutputName": "a"}, "The output a must have an S3Output"),
        ({"OutputName": "a", "FeatureStoreOutput": {"FeatureGroupName": "g"}, "AppManaged": True}, "Feature Store"),
        ({"OutputName": "a", "S3Output": {"S3Uri": S3, "S3UploadMode": "EndOfJob"}}, "must have a LocalPath"),
        (output("https://b/k"), "supports s3://"),
        (output(S3, "/opt/ml/output/data"), f"must begin with {BELOW}/"),
    ],
)
def test_an_output_is_refused_with_the_reason(world: ProcessingWorld, given: dict[str, Any], words: str) -> None:
    assert words in refused(world, ProcessingOutputConfig=outputs(given))


@pytest.mark.parametrize(
    ("inputs", "to", "words"),
    [
        ([input_(S3), input_(S3, f"{BELOW}/in2")], [], "Each InputName must be unique"),
        ([], [output(S3), output(S3, f"{BELOW}/out2")], "Each OutputName must be unique"),
        ([input_(S3), input_(S3, f"{BELOW}/in/", "in2")], [], f"several of {BELOW}/in"),
        ([input_(S3)], [output(S3, f"{BELOW}/in")], f"several of {BELOW}/in"),
    ],
)
def test_names_and_places_are_unique(
    world: ProcessingWorld, inputs: list[dict[str, Any]], to: list[dict[str, Any]], words: str
) -> None:
    assert words in refused(world, ProcessingInputs=inputs, ProcessingOutputConfig=outputs(*to))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"InstanceType": None}, "either an InstanceType or InstancePreferences"),
        ({"InstancePreferences": PREFERENCES}, "either an InstanceType or InstancePreferences"),
        ({"SelectedInstanceType": "ml.m5.large"}, "SelectedInstanceType is not accepted"),
        ({"InstanceCount": 2}, "on one instance"),
        ({"InstanceType": None, "InstancePreferences": [{**PREFERENCES[0], "InstanceCount": 2}]}, "on one instance"),
    ],
)
def test_a_cluster_is_refused_with_the_reason(world: ProcessingWorld, changes: dict[str, Any], words: str) -> None:
    assert words in refused(world, ProcessingResources=cluster(**changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ProcessingJobName": "a_b"}, "at 'processingJobName' failed to satisfy constraint"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 777601}}, "less than or equal to 777600"),
        ({"RoleArn": None}, "Value null at 'roleArn'"),
        ({"Environment": {"A": "\0"}}, "The environment variable A must not contain a NUL"),
        ({"Tags": [{"Key": "aws:a", "Value": ""}]}, "aws: prefixed tag key names"),
    ],
)
def test_the_service_models_rules_hold(world: ProcessingWorld, changes: dict[str, Any], words: str) -> None:
    assert words in refused(world, **changes)
