"""The door: SageMaker's training and tuning calls go to our SageMaker, everything else to moto."""

import io
import json
import logging
import re
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

_JSON = "application/x-amz-json-1.1"
_TAG_OPERATIONS = {"AddTags", "ListTags", "DeleteTags"}
_OUR_RESOURCE = re.compile(
    r"^arn:[^:]+:sagemaker:[^:]+:\d+:"
    r"(training-job|hyper-parameter-tuning-job|model|endpoint|endpoint-config|transform-job)/"
)
_log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Service(Protocol):
    """Answers AWS's JSON 1.1 protocol; its refusals have `code`, `message` and `http_status`."""

    @property
    def operations(self) -> frozenset[str]:
        """Names of the operations that it answers."""

    def handle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Answers one call."""


class Gateway:
    """A WSGI application. `refusal` is the exception type by which `sagemaker` refuses a request."""

    def __init__(self, moto: Wsgi, sagemaker: Service, refusal: type[Exception]) -> None:
        self._moto = moto
        self._sagemaker = sagemaker
        self._refusal = refusal

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service != "SageMaker" or operation not in self._sagemaker.operations:
            return self._moto(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if operation in _TAG_OPERATIONS and not _names_our_resource(body):
            return self._moto({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        status, answer = self._answer(operation, body)
        return _respond(start_response, status, answer)

    def _answer(self, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            return 200, self._sagemaker.handle(operation, json.loads(body or b"{}"))
        except self._refusal as e:
            return _refused(e)
        except json.JSONDecodeError as e:
            return 400, {"__type": "SerializationException", "message": str(e)}
        except Exception as e:  # noqa: BLE001 - the outermost edge: a bug must reach the caller as AWS's 500
            _log.exception("SageMaker.%s failed", operation)
            return 500, {"__type": "InternalFailure", "message": f"{type(e).__name__}: {e}"}


def _names_our_resource(body: bytes) -> bool:
    arn = json.loads(body or b"{}").get("ResourceArn")
    return isinstance(arn, str) and _OUR_RESOURCE.match(arn) is not None


def _refused(error: Any) -> tuple[int, dict[str, Any]]:
    return error.http_status, {"__type": error.code, "message": error.message}


def _respond(start_response: Any, status: int, answer: dict[str, Any]) -> Iterable[bytes]:
    payload = json.dumps(answer, default=_as_json).encode()
    headers = [
        ("Content-Type", _JSON),
        ("Content-Length", str(len(payload))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    start_response(f"{status} {'OK' if status == 200 else 'Refused'}", headers)
    return [payload]


def _as_json(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()  # JSON 1.1 carries times as epoch seconds
    raise TypeError(f"{type(value).__name__} has no place in an AWS answer")
