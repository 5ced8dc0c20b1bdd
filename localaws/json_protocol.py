"""AWS's JSON 1.1 protocol over WSGI: what a call must look like before any service reads it, and how answers go back.

What the services behind AWS's front door are seen to answer: 404 UnknownOperationException to another method or content
type, SerializationException to what is no JSON, 413 to too long a body. How long is too long AWS does not say; here it
is far more than the longest request that the service model allows.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

JSON = "application/x-amz-json-1.1"
MAX_BODY_BYTES = 8 << 20


class Unreadable(Exception):
    """A call that no operation gets to see."""

    def __init__(self, code: str, message: str, http_status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status


def check_call(environ: dict[str, Any]) -> None:
    """Raises: Unreadable: it is no POST, or not of this protocol."""
    method, kind = environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if method != "POST" or kind != JSON:
        text = f"A call is a POST of {JSON}, not a {method} of {kind or 'nothing'}."
        raise Unreadable("UnknownOperationException", text, 404)


def read_body(environ: dict[str, Any]) -> bytes:
    """Raises: Unreadable: it is too long, or its length is no number. A body too long is not read."""
    length = environ.get("CONTENT_LENGTH") or "0"
    is_chunked = bool(environ.get("wsgi.input_terminated"))
    if not (length.isascii() and length.isdecimal()):
        raise Unreadable("SerializationException", f"Content-Length is no number: {length[:50]}.")
    size = MAX_BODY_BYTES + 1 if is_chunked else int(length)
    body = environ["wsgi.input"].read(size) if is_chunked or size <= MAX_BODY_BYTES else b""
    if len(body) > MAX_BODY_BYTES or (size > MAX_BODY_BYTES and not is_chunked):
        text = f"Request size exceeded {MAX_BODY_BYTES} bytes."
        raise Unreadable("RequestEntityTooLargeException", text, 413)
    return bytes(body)


def parsed(body: bytes) -> Any:
    """Raises: Unreadable: it is no JSON, or has what Python reads and JSON has not: NaN, halves of characters."""
    try:
        value = json.loads((body or b"{}").decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("SerializationException", f"The body is no JSON: {str(error)[:200]}") from error
    return value


def respond(start_response: Any, status: int, answer: dict[str, Any]) -> Iterable[bytes]:
    """An answer, or an error as `{"__type", "message"}`."""
    payload = json.dumps(answer, default=_as_json).encode()
    headers = [
        ("Content-Type", JSON),
        ("Content-Length", str(len(payload))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if status != 200:
        headers.append(("x-amzn-ErrorType", str(answer["__type"])))
    start_response(f"{status} {'OK' if status == 200 else 'Refused'}", headers)
    return [payload]


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number.")


def _as_json(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()  # JSON 1.1 carries times as epoch seconds
    raise TypeError(f"{type(value).__name__} has no place in an AWS answer")
