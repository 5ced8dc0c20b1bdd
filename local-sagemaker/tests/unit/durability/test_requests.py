"""What a request is known to change, from its outside."""

from typing import Any

import pytest

from local_sagemaker.durability.requests import Effect, request_of


def effect(method: str, path: str, service: str, target: str = "", body: bytes = b"", **more: Any) -> Effect:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, …",
        "HTTP_X_AMZ_TARGET": target,
        **more,
    }
    return request_of(environ, body).effect


@pytest.mark.parametrize(
    "target", ["DynamoDB_20120810.Query", "AmazonSQS.ReceiveMessage", "Logs_20140328.GetLogEvents"]
)
def test_what_reads_changes_nothing(target: str) -> None:
    assert effect("POST", "/", "any", target) is Effect.NONE


def test_a_read_with_a_writing_tail_is_no_read() -> None:
    assert effect("POST", "/", "x", "X.GetAndUpdateThing") is Effect.ALL


def test_objects_items_and_messages_are_rows() -> None:
    assert effect("PUT", "/bucket/key", "s3") is Effect.ROWS
    assert effect("POST", "/bucket", "s3", QUERY_STRING="delete") is Effect.ROWS
    assert effect("POST", "/", "dynamodb", "DynamoDB_20120810.PutItem") is Effect.ROWS
    assert effect("POST", "/", "sqs", "AmazonSQS.SendMessage") is Effect.ROWS


def test_a_bucket_or_a_table_is_more_than_rows() -> None:
    assert effect("PUT", "/bucket", "s3") is Effect.ALL
    assert effect("PUT", "/bucket/", "s3", QUERY_STRING="tagging") is Effect.ALL
    assert effect("POST", "/", "dynamodb", "DynamoDB_20120810.CreateTable") is Effect.ALL


def test_a_form_says_its_action_in_the_body() -> None:
    form = {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"}
    assert effect("POST", "/", "iam", body=b"Action=CreateRole&RoleName=r", **form) is Effect.ALL
    assert effect("POST", "/", "iam", body=b"Action=GetRole&RoleName=r", **form) is Effect.NONE
    assert effect("POST", "/", "sns", body=b"Action=Publish&Message=m", **form) is Effect.ROWS


def test_an_invocation_of_a_function_changes_no_function() -> None:
    assert effect("POST", "/2015-03-31/functions/f/invocations", "lambda") is Effect.NONE
    assert effect("POST", "/2015-03-31/functions", "lambda") is Effect.ALL
    assert effect("GET", "/2015-03-31/functions/f", "lambda") is Effect.NONE


def test_who_does_not_sign_is_taken_for_s3_as_moto_does() -> None:
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/bucket/key"}
    assert request_of(environ, b"").effect is Effect.ROWS
    presigned = {**environ, "QUERY_STRING": "X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"}
    assert request_of(presigned, b"").service == "s3"
