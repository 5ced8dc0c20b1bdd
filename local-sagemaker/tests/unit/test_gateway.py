"""The gateway: who answers which call."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from local_sagemaker.gateway import Gateway
from local_sagemaker.json_protocol import JSON

JOB_ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/j"
MODEL_ARN = "arn:aws:sagemaker:us-east-1:123456789012:model/m"
PROCESSING_ARN = "arn:aws:sagemaker:us-east-1:123456789012:processing-job/p"
PACKAGE_ARN = "arn:aws:sagemaker:us-east-1:123456789012:model-package/m/1"
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, Signature=a"}


class Refusal(Exception):
    code, message, http_status = "ResourceNotFound", "no such job", 400


class FakeSageMaker:
    operations = frozenset({"DescribeTrainingJob", "AddTags", "StopTrainingJob"})

    def check(self, operation: str, request: dict[str, Any]) -> None:
        if "Wrong" in request:
            raise Refusal

    def handle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation == "StopTrainingJob":
            raise Refusal
        return {"Asked": operation, "Request": request}


class FakeMoto:
    """Answers with what it was sent, or fails as moto does: with an exception, or with a page in HTML."""

    def __init__(self, failure: tuple[str, bytes] | Exception | None = None) -> None:
        self._failure = failure

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if isinstance(self._failure, Exception):
            raise self._failure
        status, body = self._failure or ("200 OK", json.dumps({"moto": environ["PATH_INFO"]}).encode())
        start_response(status, [("Content-Type", "text/plain")])
        return [body]


def call(operation: str, request: dict[str, Any], failure: tuple[str, bytes] | Exception | None = None) -> Any:
    client = Client(Gateway(FakeMoto(failure), FakeSageMaker(), Refusal))
    return client.post(
        "/", data=json.dumps(request), headers={"X-Amz-Target": f"SageMaker.{operation}"}, content_type=JSON
    )


def test_sagemakers_own_operations_go_to_our_service() -> None:
    answer = call("DescribeTrainingJob", {"TrainingJobName": "j"})

    assert answer.content_type == "application/x-amz-json-1.1"
    assert json.loads(answer.data) == {"Asked": "DescribeTrainingJob", "Request": {"TrainingJobName": "j"}}


def test_a_refusal_has_the_shape_of_awss_errors() -> None:
    answer = call("StopTrainingJob", {"TrainingJobName": "j"})

    assert answer.status_code == 400
    assert json.loads(answer.data) == {"__type": "ResourceNotFound", "message": "no such job"}


def test_the_registrys_operations_go_to_moto() -> None:
    assert json.loads(call("DescribeModelPackage", {"ModelPackageName": "m"}).data) == {"moto": "/"}


def test_what_moto_would_answer_for_work_that_nobody_does_is_refused() -> None:
    answer = call("StartPipelineExecution", {"PipelineName": "p"})

    assert answer.status_code == 400
    assert json.loads(answer.data)["__type"] == "UnknownOperationException"


@pytest.mark.parametrize(
    ("arn", "is_ours"), [(JOB_ARN, True), (MODEL_ARN, True), (PROCESSING_ARN, True), (PACKAGE_ARN, False)]
)
def test_the_tags_of_the_registrys_resources_go_to_moto_and_others_to_our_service(arn: str, is_ours: bool) -> None:
    answer = json.loads(call("AddTags", {"ResourceArn": arn, "Tags": []}).data)

    assert ("moto" in answer) != is_ours


def test_what_breaks_the_model_does_not_reach_moto() -> None:
    assert call("CreateModelPackage", {"Wrong": 1}).status_code == 400


@pytest.mark.parametrize(
    "failure",
    [("500 INTERNAL SERVER ERROR", b"<!doctype html>"), ("404 NOT FOUND", b"<!doctype html>"), ValueError("too many")],
)
def test_a_failure_of_motos_is_an_internal_failure_in_json(failure: tuple[str, bytes] | Exception) -> None:
    answer = call("DescribeModelPackage", {"ModelPackageName": "m"}, failure)

    assert (answer.status_code, json.loads(answer.data)["__type"]) == (500, "InternalFailure")


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("PUT", "/FeatureGroup/f", "PutRecord"),
        ("PUT", "/BatchPutMetrics", "BatchPutMetrics"),
        ("POST", "/SendHeartbeat", "SendHeartbeat"),
        ("GET", "/nowhere", "GET /nowhere"),
        ("POST", "/", "POST /"),
    ],
)
def test_requests_to_sagemakers_other_services_are_refused_by_name(method: str, path: str, named: str) -> None:
    client = Client(Gateway(FakeMoto(), FakeSageMaker(), Refusal))

    answer = client.open(path, method=method, headers=SIGNED)

    assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (400, "UnknownOperationException")
    assert f"operation {named}:" in json.loads(answer.data)["message"]


def test_invocations_and_requests_to_other_services_pass() -> None:
    client = Client(Gateway(FakeMoto(), FakeSageMaker(), Refusal))

    of_s3 = {"Authorization": SIGNED["Authorization"].replace("/sagemaker/", "/s3/")}
    invoked = client.post("/endpoints/e/invocations", headers=SIGNED)
    stored = client.put("/FeatureGroup/f", headers=of_s3)

    assert [json.loads(answer.data)["moto"] for answer in (invoked, stored)] == [
        "/endpoints/e/invocations",
        "/FeatureGroup/f",
    ]
