"""Tells what a request can change from its headers, path and form.

A request that is known to change only rows (an object, an item, a message) costs one row, one that is known to read
costs nothing. After any other request, all state without rows is saved: erring on the safe side costs milliseconds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

_READS = re.compile(
    r"(Get|List|Describe|BatchGet|Query$|Scan$|Head|Lookup|Search|Filter|Select|Simulate|Preview|Validate|Estimate"
    r"|TransactGet|Check|Test|CountTotal|ReceiveMessage$)(?!.*(AndUpdate))"
)
"""ReceiveMessage changes a queue only if it finds a message; the queue itself notices that."""
_ROWS_ALONE = {
    "dynamodb": {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"},
    "sqs": {
        "SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch", "PurgeQueue",
    },
    "sns": {"Publish", "PublishBatch"},
    "events": {"PutEvents"},
    "logs": {"PutLogEvents"},
    "monitoring": {"PutMetricData"},
    "sts": {"AssumeRole"},
}  # fmt: skip
_INVOCATION = re.compile(r"^/\d{4}-\d{2}-\d{2}/functions/[^/]+/(invocations|invoke-async)/?$")
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/,]+)/")


class Effect(Enum):
    """What a request may change in the saved state."""

    NONE = auto()
    ROWS = auto()
    ALL = auto()


@dataclass(frozen=True)
class Request:
    """The parts of an HTTP request that determine what it can change."""

    method: str
    host: str
    path: str
    query: str
    service: str
    operation: str

    @cached_property
    def parameters(self) -> Mapping[str, list[str]]:
        return parse_qs(self.query, keep_blank_values=True)

    @property
    def effect(self) -> Effect:
        if self.service == "s3":
            return self._effect_on_s3()
        if self.operation:
            rows_alone = self.operation in _ROWS_ALONE.get(self.service, ())
            return Effect.NONE if _READS.match(self.operation) else Effect.ROWS if rows_alone else Effect.ALL
        if self.method in ("GET", "HEAD") or (self.service == "lambda" and _INVOCATION.match(self.path)):
            return Effect.NONE
        return Effect.ALL

    def _effect_on_s3(self) -> Effect:
        if self.method in ("GET", "HEAD"):
            return Effect.NONE
        has_key = bool(self.path.strip("/").partition("/")[2])
        return Effect.ROWS if has_key or "delete" in self.parameters else Effect.ALL


def request_of(environ: Mapping[str, Any], body: bytes) -> Request:
    """Parse a WSGI request. `body` is read only if it is a form."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
    match = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    query = environ.get("QUERY_STRING", "")
    return Request(
        method=environ["REQUEST_METHOD"],
        host=environ.get("HTTP_HOST", ""),
        path=path,
        query=query,
        service=match[1].lower() if match else _unsigned_service(target, environ),
        operation=target.rpartition(".")[2] or _form_action(environ, body, query) or _rpc_operation(path),
    )


def _unsigned_service(target: str, environ: Mapping[str, Any]) -> str:
    """A presigned URL names the service in its query. A request without a signature goes to S3, as in moto."""
    signed = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0].split("/")
    return signed[3].lower() if len(signed) > 3 else "" if target else "s3"


def _form_action(environ: Mapping[str, Any], body: bytes, query: str) -> str:
    is_form = str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
    given = parse_qs(body.decode(errors="replace") if is_form else query)
    return given.get("Action", [""])[0]


def _rpc_operation(path: str) -> str:
    """Smithy's RPC protocol: /service/<name>/operation/<operation>."""
    match = re.fullmatch(r"/service/[^/]+/operation/(\w+)", path)
    return match[1] if match else ""
