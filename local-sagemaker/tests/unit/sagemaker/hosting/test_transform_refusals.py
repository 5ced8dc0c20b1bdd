"""Transform jobs that are refused before anything starts."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.hosting_world import HostingWorld
from support.sagemaker_world import ARN

JOIN = {"JoinSource": "Input"}


@pytest.fixture(scope="module")
def model(world: HostingWorld) -> str:
    return world.model()


def data(uri: str = "s3://b/in/", kind: str = "S3Prefix", **more: str) -> dict[str, Any]:
    return {"DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri}}, **more}


def out(uri: str = "s3://b/out", **more: str) -> dict[str, Any]:
    return {"S3OutputPath": uri, **more}


LINES = {"SplitType": "Line", "ContentType": "text/csv"}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"TransformInput": data(kind="AugmentedManifestFile")}, "S3DataType must be one of S3Prefix, ManifestFile"),
        ({"TransformInput": data("https://b/in")}, "supports s3://… for S3Uri"),
        ({"TransformOutput": out("https://b/out")}, "supports s3://… for S3OutputPath"),
        ({"TransformInput": data(SplitType="RecordIO")}, "not by RecordIO"),
        ({"TransformInput": data(SplitType="Word")}, "Member must satisfy enum value set"),
        ({"MaxPayloadInMB": 101}, "MaxPayloadInMB must be at most 100, not 101."),
        ({"MaxPayloadInMB": 26, "MaxConcurrentTransforms": 4}, "must be at most 100 MB, not 4 * 26."),
        ({"DataCaptureConfig": {"DestinationS3Uri": "s3://b/c"}}, "captures no data"),
        ({"DataProcessing": {"InputFilter": "features"}}, "InputFilter is not a JSONPath"),
        ({"DataProcessing": {"OutputFilter": "$[a]"}}, "OutputFilter is not a JSONPath"),
        ({"DataProcessing": JOIN}, "ContentType and Accept"),
        ({"DataProcessing": JOIN, "TransformOutput": out(Accept="text/csv")}, "SplitType and AssembleWith"),
        ({"ModelName": "nowhere"}, f'Could not find model "{ARN}:model/nowhere".'),
    ],
)
def test_a_transform_job_is_refused(world: HostingWorld, model: str, request_: dict[str, Any], words: str) -> None:
    whole = {"ModelName": model, "TransformInput": data(**LINES), "TransformOutput": out(), **request_}

    with pytest.raises(ServiceError) as refused:
        world.transform(**whole)

    assert refused.value.code == "ValidationException"
    assert words in refused.value.message
    assert not world.call("ListTransformJobs")["TransformJobSummaries"]


def test_payloads_at_their_limits_are_taken(world: HostingWorld, model: str) -> None:
    name = world.transform(ModelName=model, MaxPayloadInMB=25, MaxConcurrentTransforms=4)

    with pytest.raises(ServiceError) as taken:
        world.call(
            "CreateTransformJob",
            TransformJobName=name.upper(),
            ModelName=model,
            TransformInput=data(),
            TransformOutput=out(),
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )

    assert taken.value.code == "ResourceInUse"
    assert f"{ARN}:transform-job/{name}" in taken.value.message


def test_a_transform_job_that_is_not_there_is_not_found(world: HostingWorld) -> None:
    for operation in ("DescribeTransformJob", "StopTransformJob"):
        with pytest.raises(ServiceError, match="Could not find requested job with name: nowhere") as refused:
            world.call(operation, TransformJobName="nowhere")
        assert refused.value.code == "ValidationException"
