"""AWS's JSON 1.1 protocol over WSGI: checks calls before a service reads them, and writes the responses.

As observed on AWS: another method or content type gets 404 UnknownOperationException, a body that is not JSON
SerializationException, too long a body 413. AWS does not document the limit; here it is far above the longest request
that the service model allows.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

JSON = "application/x-amz-json-1.1"
MAX_BODY_BYTES = 8 << 20


class MalformedRequest(Exception):
    """A call that is rejected before any operation sees it."""

    def __init__(self, code: str, message: str, http_status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status


def check_call(environ: dict[str, Any]) -> None:
    """Raises: MalformedRequest: the call is not a POST, or not in this protocol."""
    method, kind = environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if method != "POST" or kind != JSON:
        text = f"A call is a POST of {JSON}, not a {method} of {kind or 'nothing'}."
        raise MalformedRequest("UnknownOperationException", text, 404)


def read_body(environ: dict[str, Any]) -> bytes:
    """Read the body, unless it is too long. Raises: MalformedRequest: it is, or Content-Length is not a number."""
    length = environ.get("CONTENT_LENGTH") or "0"
    is_chunked = bool(environ.get("wsgi.input_terminated"))
    if not (length.isascii() and length.isdecimal()):
        raise MalformedRequest("SerializationException", f"Content-Length is not a number: {length[:50]}.")
    size = MAX_BODY_BYTES + 1 if is_chunked else int(length)
    body = environ["wsgi.input"].read(size) if is_chunked or size <= MAX_BODY_BYTES else b""
    if len(body) > MAX_BODY_BYTES or (size > MAX_BODY_BYTES and not is_chunked):
        text = f"Request size exceeded {MAX_BODY_BYTES} bytes."
        raise MalformedRequest("RequestEntityTooLargeException", text, 413)
    return bytes(body)


def parsed(body: bytes) -> Any:
    """Raises: MalformedRequest: the body is not JSON, or uses what only Python accepts: NaN or unpaired surrogates."""
    try:
        value = json.loads((body or b"{}").decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedRequest("SerializationException", f"The body is not valid JSON: {str(error)[:200]}") from error
    return value


def respond(start_response: Any, status: int, answer: dict[str, Any]) -> Iterable[bytes]:
    """Send a response, or an error as `{"__type", "message"}`."""
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
    raise ValueError(f"{constant} is not a JSON number.")


def _as_json(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()  # JSON 1.1 carries times as epoch seconds
    raise TypeError(f"{type(value).__name__} is not a type that an AWS response can hold")
