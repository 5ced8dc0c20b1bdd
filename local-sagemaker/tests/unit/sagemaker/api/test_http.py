"""SageMaker's calls over HTTP, as no client would make them: refused as AWS refuses them, and nothing starts."""

import http.client
from typing import Any

import pytest

from local_sagemaker.json_protocol import MAX_BODY_BYTES
from local_sagemaker.sagemaker.protocol.validation import service_model
from support.account import Account
from support.complete import complete
from support.raw_http import call
from support.violations import violations

LIST, CREATES = "ListTrainingJobs", ("CreateHyperParameterTuningJob", "CreateTrainingJob")


def refused(account: Account, operation: str, body: bytes, **headers: str) -> tuple[int, str]:
    status, answer, _ = call(account.aws.endpoint_url, operation, body, **headers)
    return status, answer["__type"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"null and void",
        b"\xff\xfe",
        b'{"MaxResults": NaN}',
        b'{"MaxResults": -Infinity}',
        b'{"NameContains": "\\ud800"}',
        b'{"MaxResults": ' + b"1" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=str,
)
@pytest.mark.parametrize("operation", [LIST, "ListTags", "ListModelPackages"])
def test_what_is_no_json_is_a_serialization_exception(account: Account, operation: str, body: bytes) -> None:
    assert refused(account, operation, body) == (400, "SerializationException")


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"7", b"true"])
def test_a_request_that_is_no_structure_is_a_serialization_exception(account: Account, body: bytes) -> None:
    assert refused(account, LIST, body) == (400, "SerializationException")


@pytest.mark.parametrize("value", [b"1e400", b'"yesterday"', b"{}", b"true", b"1e300"])
def test_a_time_that_is_none_is_a_serialization_exception(account: Account, value: bytes) -> None:
    assert refused(account, LIST, b'{"CreationTimeAfter": ' + value + b"}") == (400, "SerializationException")


@pytest.mark.parametrize(
    "operation", ["Train", "createTrainingJob", "", "CreateHub", "__init__", "DescribeTrainingJob.a"]
)
def test_an_operation_that_is_not_there_is_an_unknown_operation(account: Account, operation: str) -> None:
    assert refused(account, operation, b"{}") == (400, "UnknownOperationException")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_method_other_than_post_is_an_unknown_operation(account: Account, method: str) -> None:
    assert refused(account, LIST, b"{}", method=method) == (404, "UnknownOperationException")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "application/x-amz-json-1.0"])
def test_another_content_type_is_an_unknown_operation(account: Account, kind: str) -> None:
    assert refused(account, LIST, b"{}", Content_Type=kind) == (404, "UnknownOperationException")


def test_a_content_type_may_have_a_charset(account: Account) -> None:
    status, _, _ = call(account.aws.endpoint_url, LIST, b"{}", Content_Type="Application/X-Amz-JSON-1.1; charset=utf-8")

    assert status == 200


def test_too_long_a_body_is_refused_unread(account: Account) -> None:
    connection = http.client.HTTPConnection(account.aws.endpoint_url.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", "/")
    for name, value in (
        ("X-Amz-Target", f"SageMaker.{LIST}"),
        ("Content-Type", "application/x-amz-json-1.1"),
        ("Content-Length", str(MAX_BODY_BYTES + 1)),
    ):
        connection.putheader(name, value)
    connection.endheaders()

    answer = connection.getresponse()

    assert answer.status == 413
    assert b"RequestEntityTooLargeException" in answer.read()
    connection.close()


def test_a_chunked_body_is_read_to_its_end(account: Account) -> None:
    connection = http.client.HTTPConnection(account.aws.endpoint_url.removeprefix("http://"), timeout=60)
    headers = {"X-Amz-Target": f"SageMaker.{LIST}", "Content-Type": "application/x-amz-json-1.1"}
    connection.request("POST", "/", iter([b'{"MaxRes', b'ults": 101}']), headers, encode_chunked=True)

    answer = connection.getresponse()

    assert (answer.status, b"less than or equal to 100" in answer.read()) == (400, True)
    connection.close()


def test_an_error_has_its_type_in_body_and_header_and_a_request_id(account: Account) -> None:
    status, answer, headers = call(account.aws.endpoint_url, "DescribeTrainingJob", {"TrainingJobName": "none"})

    assert (status, answer) == (400, {"__type": "ValidationException", "message": "Requested resource not found."})
    assert headers["x-amzn-ErrorType"] == "ValidationException" and headers["x-amzn-RequestId"]


@pytest.mark.parametrize(
    "arn", ["arn:aws:sagemaker:us-east-1:123456789012:nothing/of/ours", "arn:aws:s3:::bucket", "a"]
)
def test_the_tags_of_what_is_no_resource_of_sagemakers_are_refused(account: Account, arn: str) -> None:
    assert call(account.aws.endpoint_url, "ListTags", {"ResourceArn": arn})[0] == 400


def test_every_constraint_of_the_create_requests_is_held_over_http_too_and_nothing_starts(account: Account) -> None:
    accepted: list[Any] = []
    for operation in CREATES:
        shape = service_model().operation_model(operation).input_shape
        for broken in violations(shape, complete(operation)):
            status, answer, _ = call(account.aws.endpoint_url, operation, broken.request)
            if (status, answer.get("__type")) != (400, broken.code):
                accepted.append((operation, broken.where, broken.constraint, status, answer))

    assert accepted == []
    assert account.sagemaker.list_training_jobs()["TrainingJobSummaries"] == []
    assert account.sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"] == []
