"""Routes `/endpoints/<name>/invocations` to our endpoints and everything else to the next application."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_PATH = re.compile(r"^/endpoints/([^/]+)/(invocations|async-invocations|invocations-response-stream)$")
_SCOPE = re.compile(r"Credential=[^,\s]*/(?P<service>[a-z0-9-]+)/aws4_request")

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Runtime = Callable[[str, str, Mapping[str, str], bytes], tuple[int, dict[str, str], bytes]]
"""Endpoint name, kind of invocation, headers in lower case, body → status, headers, body."""


class RuntimeGateway:
    """A WSGI application. A request signed for another service, for instance for an S3 bucket named `endpoints`, is
    passed on."""

    def __init__(self, next_: Wsgi, runtime: Runtime) -> None:
        self._next = next_
        self._runtime = runtime

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        match = invocation(environ)
        if match is None:
            return self._next(environ, start_response)
        status, headers, body = self._runtime(match[1], match[2], _headers(environ), _body(environ))
        start_response(f"{status} {'OK' if status == 200 else 'Refused'}", list(_completed(headers, body).items()))
        return [body]


def invocation(environ: Mapping[str, Any]) -> re.Match[str] | None:
    """The endpoint's name and the kind of invocation; None for any other request."""
    match = _PATH.match(environ.get("PATH_INFO", ""))
    signed = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    is_others = signed is not None and signed["service"] != "sagemaker"
    return None if environ["REQUEST_METHOD"] != "POST" or is_others else match


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    given = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return {**given, **({"content-type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {})}


def _body(environ: Mapping[str, Any]) -> bytes:
    """The whole body, with a Content-Length or chunked."""
    source = environ["wsgi.input"]
    return bytes(source.read() if environ.get("wsgi.input_terminated") else source.read(_length(environ)))


def _length(environ: Mapping[str, Any]) -> int:
    return int(environ.get("CONTENT_LENGTH") or 0)


def _completed(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    return {**headers, "Content-Length": str(len(body)), "x-amzn-RequestId": str(uuid.uuid4())}
