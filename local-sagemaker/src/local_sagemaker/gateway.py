"""Routes calls: SageMaker's operations go to our SageMaker, the model registry's to moto, or are refused; everything
else goes to moto.

SageMaker operations that moto answers are validated against the service model first, because moto does not validate
its input and fails on it; a failure of moto's is an InternalFailure in JSON, not a page in HTML.
"""

import io
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from local_sagemaker import json_protocol
from local_sagemaker.edge import operations, rest
from local_sagemaker.json_protocol import MalformedRequest

_log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Service(Protocol):
    """A service that speaks AWS's JSON 1.1 protocol; its errors have `code`, `message` and `http_status`."""

    @property
    def operations(self) -> frozenset[str]:
        """The names of the operations that it implements."""

    def check(self, operation: str, request: dict[str, Any]) -> None:
        """Validate the request against the service model, whether moto or this service answers the operation."""

    def handle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one call."""


class Gateway:
    """A WSGI application. `refusal` is the exception type with which `sagemaker` rejects a request."""

    def __init__(self, moto: Wsgi, sagemaker: Service, refusal: type[Exception]) -> None:
        self._moto = moto
        self._sagemaker = sagemaker
        self._refusal = refusal

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service == "SageMaker":
            return self._json(operation, environ, start_response)
        found = rest.operation(environ)
        if found is None or found[0] == rest.RUNTIME:
            return self._moto(environ, start_response)
        name = found[1] or f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
        return json_protocol.respond(start_response, *_refused(_unknown(name)))

    def _json(self, operation: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            json_protocol.check_call(environ)
            if operation not in self._sagemaker.operations and operation not in operations.MOTOS:
                raise _unknown(operation)
            body = json_protocol.read_body(environ)
            request = json_protocol.parsed(body)
        except MalformedRequest as e:
            return json_protocol.respond(start_response, *_refused(e))
        if operations.is_of_moto(operation, request):
            status, answer = self._answer(self._check_registry, operation, request)
            if status == 200:
                whole = {**environ, "wsgi.input": io.BytesIO(body)}
                return self._from_moto(operation, whole, start_response)
        else:
            status, answer = self._answer(self._sagemaker.handle, operation, request)
        return json_protocol.respond(start_response, status, answer)

    def _check_registry(self, operation: str, request: Any) -> dict[str, Any]:
        self._sagemaker.check(operation, request)
        if lost := ", ".join(operations.not_kept(operation, request or {})):
            raise MalformedRequest("ValidationException", f"The local AWS does not support {lost} in {operation}.")
        return {}

    def _from_moto(self, operation: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        head: list[Any] = []
        try:
            body = b"".join(self._moto(environ, lambda *args: head.extend(args[:2])))
        except Exception as e:  # noqa: BLE001 - the outermost edge: a bug of moto's is no page in HTML either
            _log.exception("moto failed on SageMaker.%s", operation)
            head, body = [f"500 {type(e).__name__}"], str(e).encode()
        if int(head[0][:3]) >= 500 or not _is_json(body):
            _log.error(
                "moto answered SageMaker.%s with %s: %s", operation, head[0], body[:500].decode(errors="replace")
            )
            text = f"moto, which answers {operation} here, failed with {head[0]}; the log has its answer."
            return json_protocol.respond(start_response, 500, {"__type": "InternalFailure", "message": text})
        start_response(*head)
        return [body]

    def _answer(self, call: Callable[..., Any], operation: str, request: Any) -> tuple[int, dict[str, Any]]:
        try:
            return 200, call(operation, request)
        except (self._refusal, MalformedRequest) as e:
            return _refused(e)
        except Exception as e:  # noqa: BLE001 - the outermost edge: report a bug to the caller as AWS's 500
            _log.exception("SageMaker.%s failed", operation)
            return 500, {"__type": "InternalFailure", "message": f"{type(e).__name__}: {e}"}


def _unknown(operation: str) -> MalformedRequest:
    return MalformedRequest("UnknownOperationException", operations.refusal(operation))


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body or b"{}")
    except ValueError:
        return False
    return True


def _refused(error: Any) -> tuple[int, dict[str, Any]]:
    return error.http_status, {"__type": error.code, "message": error.message}
