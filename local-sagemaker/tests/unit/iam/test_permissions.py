"""Which permissions a call needs: AWS's own table of actions, resources and condition keys must know each of them."""

import io
from typing import Any

import pytest

from local_sagemaker.iam.permissions import Call, of_call, of_request
from local_sagemaker.iam.policy import Permission
from local_sagemaker.iam.s3 import UnknownOperation, missing_object
from local_sagemaker.iam.sessions import Signature, signature

SIGNED = Signature("ASIA", "eu-west-1", "s3")
DEFINITION = {
    "RoleArn": "arn:aws:iam::123456789012:role/training",
    "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "key"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "EnableNetworkIsolation": True,
    "VpcConfig": {"Subnets": ["s1", "s2"], "SecurityGroupIds": ["g"]},
    "OutputDataConfig": {"KmsKeyId": "out"},
}
JOB = "arn:aws:sagemaker:eu-west-1:1:hyper-parameter-tuning-job/retune-x"
CONTEXT = {
    "sagemaker:instancetypes": ("ml.m5.large",),
    "sagemaker:maxruntimeinseconds": ("60",),
    "sagemaker:networkisolation": ("true",),
    "sagemaker:intercontainertrafficencryption": ("false",),
    "sagemaker:vpcsubnets": ("s1", "s2"),
    "sagemaker:vpcsecuritygroupids": ("g",),
    "sagemaker:volumekmskey": ("key",),
    "sagemaker:outputkmskey": ("out",),
    "aws:requesttag/team": ("a",),
    "aws:tagkeys": ("Team",),
}
"""What CreateHyperParameterTuningJob of the definition above, in a VPC and with a tag, asks for."""


def s3(method: str, path: str, query: str = "", **headers: str) -> list[tuple[str, str]]:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}
    return [(one.action, one.resource) for one in of_request(environ, b"", SIGNED, "1")]


def call(service: str, operation: str, **parameters: Any) -> list[Permission]:
    return list(of_call(Call(service, operation, parameters), SIGNED, "1"))


@pytest.mark.parametrize(
    ("method", "path", "query", "action", "on"),
    [
        ("GET", "/", "", "ListAllMyBuckets", "*"),
        ("GET", "/b", "list-type=2&prefix=p", "ListBucket", "b"),
        ("HEAD", "/b", "", "ListBucket", "b"),
        ("GET", "/b/", "versions", "ListBucketVersions", "b"),
        ("GET", "/b", "location", "GetBucketLocation", "b"),
        ("GET", "/b/k/l", "", "GetObject", "b/k/l"),
        ("GET", "/b/k", "x-id=GetObject&response-content-type=a", "GetObject", "b/k"),
        ("HEAD", "/b/k", "versionId=1", "GetObjectVersion", "b/k"),
        ("PUT", "/b/k", "", "PutObject", "b/k"),
        ("DELETE", "/b/k", "", "DeleteObject", "b/k"),
        ("DELETE", "/b/k", "versionId=1", "DeleteObjectVersion", "b/k"),
        ("POST", "/b/k", "uploads", "PutObject", "b/k"),
        ("PUT", "/b/k", "partNumber=1&uploadId=u", "PutObject", "b/k"),
        ("POST", "/b/k", "uploadId=u", "PutObject", "b/k"),
        ("DELETE", "/b/k", "uploadId=u", "AbortMultipartUpload", "b/k"),
        ("GET", "/b/k", "uploadId=u", "ListMultipartUploadParts", "b/k"),
        ("PUT", "/b/k", "tagging", "PutObjectTagging", "b/k"),
    ],
)
def test_s3_asks_by_method_place_and_subresource(method: str, path: str, query: str, action: str, on: str) -> None:
    assert s3(method, path, query) == [(f"s3:{action}", on if on == "*" else f"arn:aws:s3:::{on}")]


def test_a_listing_says_what_it_lists() -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/b", "QUERY_STRING": "list-type=2&prefix=a%2F&delimiter=%2F"}

    (asked,) = of_request(environ, b"", SIGNED, "1")

    assert asked.context == {"s3:prefix": ("a/",), "s3:delimiter": ("/",)}


def test_a_copy_reads_its_source_and_its_tags_unless_they_are_replaced() -> None:
    source, replaced = {"HTTP_X_AMZ_COPY_SOURCE": "/from/a%20b"}, {"HTTP_X_AMZ_TAGGING_DIRECTIVE": "REPLACE"}
    both = [("s3:PutObject", "arn:aws:s3:::b/k"), ("s3:GetObject", "arn:aws:s3:::from/a b")]
    tags = [("s3:GetObjectTagging", "arn:aws:s3:::from/a b"), ("s3:PutObjectTagging", "arn:aws:s3:::b/k")]

    assert s3("PUT", "/b/k", **source, **replaced) == both
    assert s3("PUT", "/b/k", **source) == both + tags
    assert s3("PUT", "/b/k", "partNumber=1&uploadId=u", **source) == both
    assert s3("PUT", "/b/k", HTTP_X_AMZ_COPY_SOURCE="from/a?versionId=1", **replaced)[1][0] == "s3:GetObjectVersion"


def test_tags_and_a_list_of_rights_are_asked_for_too() -> None:
    asked = s3("PUT", "/b/k", HTTP_X_AMZ_TAGGING="a=b", HTTP_X_AMZ_ACL="public-read")

    assert [action for action, _ in asked] == ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAcl"]


def test_who_reads_what_is_not_there_is_asked_whether_he_may_list() -> None:
    assert missing_object(Permission("s3:GetObject", "arn:aws:s3:::b/k/l")) == Permission(
        "s3:ListBucket", "arn:aws:s3:::b"
    )
    assert missing_object(Permission("s3:DeleteObject", "arn:aws:s3:::b/k")) is None


def test_a_tuning_job_asks_for_itself_its_tags_and_each_role_that_it_passes() -> None:
    asked = call(
        "sagemaker",
        "CreateHyperParameterTuningJob",
        HyperParameterTuningJobName="Retune-x",
        TrainingJobDefinition=DEFINITION,
        Tags=[{"Key": "Team", "Value": "a"}],
    )

    create, tags, role = asked
    assert (create.action, create.resource) == ("sagemaker:CreateHyperParameterTuningJob", JOB)
    assert create.context == CONTEXT
    assert (tags.action, tags.resource) == ("sagemaker:AddTags", JOB)
    passed = {"iam:passedtoservice": ("sagemaker.amazonaws.com",)}
    assert role == Permission("iam:PassRole", "arn:aws:iam::123456789012:role/training", passed)


def test_a_processing_job_asks_for_itself_its_tags_and_the_role_that_it_passes() -> None:
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5, "VolumeKmsKeyId": "key"}
    asked = call(
        "sagemaker",
        "CreateProcessingJob",
        ProcessingJobName="Nightly",
        RoleArn=DEFINITION["RoleArn"],
        ProcessingResources={"ClusterConfig": cluster},
        ProcessingOutputConfig={"Outputs": [], "KmsKeyId": "out"},
        NetworkConfig={
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": {"Subnets": ["s1", "s2"], "SecurityGroupIds": ["g"]},
        },
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        Tags=[{"Key": "Team", "Value": "a"}],
    )

    create, tags, role = asked
    job = "arn:aws:sagemaker:eu-west-1:1:processing-job/nightly"
    assert (create.action, create.resource) == ("sagemaker:CreateProcessingJob", job)
    assert create.context == {**CONTEXT, "sagemaker:intercontainertrafficencryption": ("true",)}
    assert (tags.action, tags.resource) == ("sagemaker:AddTags", job)
    passed = {"iam:passedtoservice": ("sagemaker.amazonaws.com",)}
    assert role == Permission("iam:PassRole", "arn:aws:iam::123456789012:role/training", passed)


def test_every_preferred_instance_type_of_a_processing_job_must_be_allowed() -> None:
    preferences = [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.p3.2xlarge"}]

    asked = call(
        "sagemaker",
        "CreateProcessingJob",
        ProcessingResources={"ClusterConfig": {"InstancePreferences": preferences, "VolumeSizeInGB": 5}},
    )

    assert asked[0].context["sagemaker:instancetypes"] == ("ml.c5.xlarge", "ml.p3.2xlarge")


def test_of_several_definitions_the_strictest_reading_counts() -> None:
    other = {**DEFINITION, "ResourceConfig": {"InstanceType": "ml.p3.2xlarge"}, "EnableNetworkIsolation": False}
    longer = {**other, "StoppingCondition": {"MaxRuntimeInSeconds": 120}}

    asked = call("sagemaker", "CreateHyperParameterTuningJob", TrainingJobDefinitions=[DEFINITION, longer])

    context = asked[0].context
    assert context["sagemaker:instancetypes"] == ("ml.m5.large", "ml.p3.2xlarge")
    assert context["sagemaker:maxruntimeinseconds"] == ("120",)
    assert context["sagemaker:networkisolation"] == ("false",)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "action", "resource"),
    [
        ("dynamodb", "UpdateItem", {"TableName": "t"}, "UpdateItem", "dynamodb:eu-west-1:1:table/t"),
        ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}, "Query", "dynamodb:eu-west-1:1:table/t/index/i"),
        ("sqs", "SendMessageBatch", {"QueueUrl": "http://h/1/q"}, "SendMessage", "sqs:eu-west-1:1:q"),
        ("sns", "Publish", {"TopicArn": "arn:aws:sns:eu-west-1:1:t"}, "Publish", "sns:eu-west-1:1:t"),
        ("ecr", "DescribeImages", {"repositoryName": "r"}, "DescribeImages", "ecr:eu-west-1:1:repository/r"),
        (
            "logs",
            "GetLogEvents",
            {"logGroupName": "g", "logStreamName": "s"},
            "GetLogEvents",
            "logs:eu-west-1:1:log-group:g:log-stream:s",
        ),
        ("sagemaker", "ListTags", {"ResourceArn": JOB}, "ListTags", JOB.removeprefix("arn:aws:")),
    ],
)
def test_a_call_asks_on_its_own_resource(
    service: str, operation: str, parameters: dict[str, Any], action: str, resource: str
) -> None:
    assert call(service, operation, **parameters) == [Permission(f"{service}:{action}", f"arn:aws:{resource}")]


@pytest.mark.parametrize(("service", "operation"), [("dynamodb", "DeleteTable"), ("iam", "CreateUser")])
def test_a_call_that_nobody_here_knows_is_named(service: str, operation: str) -> None:
    with pytest.raises(UnknownOperation, match=f"{service}:{operation}"):
        call(service, operation)


def test_a_subresource_that_nobody_here_knows_is_named() -> None:
    with pytest.raises(UnknownOperation, match=r"PUT \?lifecycle"):
        s3("PUT", "/b", "lifecycle")


def test_a_request_signed_in_advance_is_its_signers() -> None:
    scope = "ASIAX%2F20261126%2Feu-west-1%2Fs3%2Faws4_request"

    assert signature({"QUERY_STRING": f"X-Amz-Credential={scope}&X-Amz-Date=1"}) == Signature(
        "ASIAX", "eu-west-1", "s3"
    )
    assert signature({"QUERY_STRING": "list-type=2"}) is None


def test_a_body_is_read_in_the_services_protocol() -> None:
    json = {"HTTP_X_AMZ_TARGET": "DynamoDB_20120810.GetItem", "wsgi.input": io.BytesIO()}

    assert of_request(json, b'{"TableName": "t"}', Signature("", "eu-west-1", "dynamodb"), "1")[0].resource.endswith(
        "/t"
    )
    form = of_request({}, b"Action=Publish&TopicArn=arn%3Aaws%3Asns%3Ax%3A1%3At", Signature("", "x", "sns"), "1")
    assert form == [Permission("sns:Publish", "arn:aws:sns:x:1:t")]
