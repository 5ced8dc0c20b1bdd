"""Passes HTTP requests on to another server as they came: method, target, headers and body.

Bodies are streamed in both directions. `Host` stays the client's, which its signature and the names of virtual-hosted
buckets depend on. The price: each request takes a connection of its own, because a request on a kept connection
that the server was just closing could not be repeated.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER, Timeout
from werkzeug.wsgi import ClosingIterator

from local_sagemaker.iam.sessions import signature

RAW_HEADERS = "local_sagemaker.raw_headers"
"""The key of a WSGI environ under which the HTTP server keeps the headers' names and values as they were sent. WSGI's
own cannot tell `x-amz-meta-a_b` from `x-amz-meta-a-b`."""
ANSWERS_WITHIN_S = 960.0
"""More than a synchronous invocation of a Lambda function may take, 15 minutes."""
_CONNECTS_WITHIN_S = 5.0
_AT_ONCE = 1 << 16
_HOP_BY_HOP = {
    "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
"""Headers of one connection, which no proxy passes on (RFC 9110, 7.6.1). The HTTP server has answered Expect."""

_log = logging.getLogger(__name__)


class Forward:
    """A WSGI application. `name` identifies this proxy in the Via header; a request that has it already runs in a
    circle and gets 508."""

    def __init__(self, url: str, name: str) -> None:
        """`url` has no path."""
        self._url = url
        self._name = name
        timeout = Timeout(connect=_CONNECTS_WITHIN_S, read=ANSWERS_WITHIN_S)
        self._pool = urllib3.connection_from_url(url, timeout=timeout, retries=False)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self._name in environ.get("HTTP_VIA", ""):
            message = f"The emulator at {self._url} sends its requests back here."
            return _fail(environ, start_response, "508 Loop Detected", message)
        try:
            response = self._send(environ)
        except HTTPError as error:
            _log.warning("%s did not answer %s: %s", self._url, environ["REQUEST_METHOD"], error)
            message = f"The emulator at {self._url} does not answer: {type(error).__name__}. Is it still running?"
            return _fail(environ, start_response, "503 Service Unavailable", message)
        headers = [(name, value) for name, value in response.headers.items() if name.lower() not in _HOP_BY_HOP]
        start_response(f"{response.status} {response.reason or ''}", headers)
        answer: Iterable[bytes] = ClosingIterator(_streamed(response), response.close)
        return answer

    def _send(self, environ: dict[str, Any]) -> Any:
        return self._pool.urlopen(
            environ["REQUEST_METHOD"],
            _target(environ),
            body=_body(environ),
            headers=self._headers(environ),
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )

    def _headers(self, environ: dict[str, Any]) -> urllib3.HTTPHeaderDict:
        not_passed = {one.strip().lower() for one in environ.get("HTTP_CONNECTION", "").split(",")} | _HOP_BY_HOP
        if environ.get("wsgi.input_terminated"):  # chunks overrule a length (RFC 9112, 6.3)
            not_passed.add("content-length")
        sent = environ[RAW_HEADERS]
        headers = urllib3.HTTPHeaderDict((name, value) for name, value in sent if name.lower() not in not_passed)
        headers.add("Via", f"1.1 {self._name}")
        for name in ("Accept-Encoding", "User-Agent"):  # without them, urllib3 sends its own
            headers.setdefault(name, SKIP_HEADER)
        headers["Connection"] = "close"
        return headers


def _target(environ: dict[str, Any]) -> str:
    """The path and query, still encoded as the client sent them."""
    asked = str(environ["REQUEST_URI"])
    return asked if asked.startswith("/") else urlsplit(asked)._replace(scheme="", netloc="").geturl() or "/"


def _body(environ: dict[str, Any]) -> Iterator[bytes] | None:
    """The request's body; None if it has none, which is not the same as an empty one."""
    if environ.get("wsgi.input_terminated"):
        return iter(lambda: environ["wsgi.input"].read(_AT_ONCE), b"")
    return _measured(environ["wsgi.input"], int(environ["CONTENT_LENGTH"])) if environ.get("CONTENT_LENGTH") else None


def _measured(source: Any, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = source.read(min(left, _AT_ONCE))
        if not piece:
            raise ConnectionError("the client closed the connection in the middle of its request")
        left -= len(piece)
        yield piece


def _streamed(response: Any) -> Iterator[bytes]:
    """Raises: ConnectionResetError: the other server ended early; the HTTP server then closes the connection."""
    try:
        yield from response.stream(_AT_ONCE, decode_content=False)
    except HTTPError as error:
        raise ConnectionResetError(f"the response ended early: {error}") from error


def _fail(environ: dict[str, Any], start_response: Any, status: str, message: str) -> Iterable[bytes]:
    """Answer in the protocol of the service. The HTTP server reads what is left of the body."""
    code = "".join(status.split()[1:])
    signed = signature(environ)
    is_json = "HTTP_X_AMZ_TARGET" in environ or "json" in environ.get("CONTENT_TYPE", "")
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if is_json:
        kind, text = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    elif signed is None or signed.service == "s3":
        kind, text = "application/xml", f"<Error>{error}</Error>"
    else:
        kind, text = "text/xml", f"<ErrorResponse><Error><Type>Receiver</Type>{error}</Error></ErrorResponse>"
    payload = b"" if environ["REQUEST_METHOD"] == "HEAD" else text.encode()
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(payload)))])
    return [payload]
