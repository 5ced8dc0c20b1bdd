"""SageMaker's requests are recognized by what every client sends; all others are the other emulator's."""

from typing import Any

import pytest

from local_sagemaker.beside.split import Split, in_account


def environ(method: str = "POST", path: str = "/", service: str = "", **headers: str) -> dict[str, Any]:
    signed = {"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=k/20260102/us-east-1/{service}/aws4_request, …"}
    return {"REQUEST_METHOD": method, "PATH_INFO": path, **(signed if service else {}), **headers}


def answered_by(request: dict[str, Any], *answered_here: str) -> bytes:
    split = Split(lambda *_: [b"SageMaker"], lambda *_: [b"other"], set(answered_here))
    (name,) = split(request, None)
    return name


@pytest.mark.parametrize(
    "request_",
    [
        environ(service="sagemaker", HTTP_X_AMZ_TARGET="SageMaker.ListModels"),
        environ(HTTP_X_AMZ_TARGET="SageMaker.ListModels"),
        environ(path="/endpoints/e/invocations", service="sagemaker"),
        environ(path="/endpoints/e/invocations"),
        environ("PUT", "/FeatureGroup/f", service="sagemaker"),
        environ("GET", "/nothing-that-is-known", service="sagemaker"),
    ],
)
def test_sagemaker_its_runtime_and_its_siblings_are_here(request_: dict[str, Any]) -> None:
    assert answered_by(request_) == b"SageMaker"


@pytest.mark.parametrize(
    "request_",
    [
        environ("GET", "/bucket/key", service="s3"),
        environ("GET", "/bucket/key"),
        environ(path="/endpoints/e/invocations", service="s3"),
        environ("GET", "/endpoints/e/invocations"),
        environ(service="sqs", HTTP_X_AMZ_TARGET="AmazonSQS.SendMessage"),
        environ(service="logs", HTTP_X_AMZ_TARGET="Logs_20140328.PutLogEvents"),
        environ(path="/_localstack/health"),
    ],
)
def test_everything_else_is_the_other_emulators(request_: dict[str, Any]) -> None:
    assert answered_by(request_) == b"other"


def test_what_the_other_emulator_lacks_is_here() -> None:
    request = environ(service="monitoring")

    assert answered_by(request, "logs", "monitoring") == b"SageMaker"


def test_moto_answers_for_the_other_emulators_account() -> None:
    moto = in_account("000000000000", lambda environ, _: [environ["HTTP_X_MOTO_ACCOUNT_ID"].encode()])

    assert moto({"HTTP_X_MOTO_ACCOUNT_ID": "1"}, None) == [b"000000000000"]
