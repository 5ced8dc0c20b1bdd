"""Routes calls: SageMaker's training and tuning operations go to our SageMaker, everything else to moto.

SageMaker operations that moto answers are validated against the service model first, because moto does not validate
its input and fails on it.
"""

import io
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from local_sagemaker import json_protocol
from local_sagemaker.json_protocol import Unreadable

_TAG_OPERATIONS = {"AddTags", "ListTags", "DeleteTags"}
_OF_OTHERS = re.compile(
    r"arn:[^:]+:sagemaker:[^:]+:\d+:(notebook-instance|experiment|experiment-trial|experiment-trial-component"
    r"|processing-job|pipeline|model-package|model-package-group|cluster|automl-job|compilation-job|domain|model-card"
    r"|(data|model)-quality-job-definition|model-(bias|explainability)-job-definition)/[^/]+(/\d+)?"
)
"""Resources that moto keeps, together with their tags."""
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
    """A WSGI application. `refusal` is the exception type with which `sagemaker` rejects a request; `is_of_moto` tells
    which other SageMaker operations moto answers."""

    def __init__(
        self,
        moto: Wsgi,
        sagemaker: Service,
        refusal: type[Exception],
        is_of_moto: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._moto = moto
        self._sagemaker = sagemaker
        self._refusal = refusal
        self._is_of_moto = is_of_moto

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service != "SageMaker":
            return self._moto(environ, start_response)
        try:
            json_protocol.check_call(environ)
            is_ours = operation in self._sagemaker.operations
            if not is_ours and not self._is_of_moto(operation):
                text = f"The local AWS does not support SageMaker's operation {operation[:100]}."
                raise Unreadable("UnknownOperationException", text)
            body = json_protocol.read_body(environ)
            request = json_protocol.parsed(body)
        except Unreadable as e:
            return json_protocol.respond(start_response, *_refused(e))
        if is_ours and not (operation in _TAG_OPERATIONS and _is_of_others(request)):
            return json_protocol.respond(start_response, *self._answer(self._sagemaker.handle, operation, request))
        status, answer = self._answer(self._sagemaker.check, operation, request)
        if status != 200:
            return json_protocol.respond(start_response, status, answer)
        return self._moto({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    def _answer(self, call: Callable[..., Any], operation: str, request: Any) -> tuple[int, dict[str, Any]]:
        try:
            return 200, call(operation, request)
        except self._refusal as e:
            return _refused(e)
        except Exception as e:  # noqa: BLE001 - the outermost edge: report a bug to the caller as AWS's 500
            _log.exception("SageMaker.%s failed", operation)
            return 500, {"__type": "InternalFailure", "message": f"{type(e).__name__}: {e}"}


def _is_of_others(request: Any) -> bool:
    arn = request.get("ResourceArn") if isinstance(request, dict) else None
    return isinstance(arn, str) and _OF_OTHERS.fullmatch(arn) is not None


def _refused(error: Any) -> tuple[int, dict[str, Any]]:
    return error.http_status, {"__type": error.code, "message": error.message}
