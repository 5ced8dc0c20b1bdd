"""The door: who answers which call."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from local_sagemaker.gateway import Gateway
from local_sagemaker.json_protocol import JSON

JOB_ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/j"
MODEL_ARN = "arn:aws:sagemaker:us-east-1:123456789012:model/m"
PACKAGE_ARN = "arn:aws:sagemaker:us-east-1:123456789012:model-package/m/1"


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


def moto(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"moto read " + environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


def call(operation: str, request: dict[str, Any]) -> Any:
    door = Client(Gateway(moto, FakeSageMaker(), Refusal))
    return door.post(
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


def test_other_sagemaker_operations_go_to_moto() -> None:
    assert call("CreateModel", {"ModelName": "m"}).text == 'moto read {"ModelName": "m"}'


@pytest.mark.parametrize(("arn", "is_ours"), [(JOB_ARN, True), (MODEL_ARN, True), (PACKAGE_ARN, False)])
def test_tags_go_to_whoever_owns_the_resource(arn: str, is_ours: bool) -> None:
    answer = call("AddTags", {"ResourceArn": arn, "Tags": []})

    assert ("moto read" in answer.text) != is_ours
    assert arn in answer.text


def test_what_breaks_the_model_does_not_reach_moto() -> None:
    assert call("CreateModel", {"Wrong": 1}).status_code == 400
