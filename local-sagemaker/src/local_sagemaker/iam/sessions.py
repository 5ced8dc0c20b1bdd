"""The credentials of functions: the access key in a request's signature identifies the caller."""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import unquote

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,\s&]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True)
class Session:
    """An assumed role; `name` is the function's name."""

    role_arn: str
    name: str

    @property
    def arn(self) -> str:
        """The principal, as in AWS's messages."""
        _, partition, _, _, account, role = self.role_arn.split(":", 5)
        return f"arn:{partition}:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{self.name}"


@dataclass(frozen=True)
class Signature:
    """The access key that signed a request, and the service that it was signed for."""

    access_key: str
    region: str
    service: str


class Sessions:
    """Thread-safe. Sessions last as long as this process, as do the functions that use them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[Session, str] = {}
        self._holders: dict[str, Session] = {}

    def access_key(self, session: Session) -> str:
        """The session's access key; a second call returns the same one."""
        with self._lock:
            if session not in self._keys:
                key = "ASIA" + base64.b32encode(secrets.token_bytes(10)).decode()
                self._keys[session], self._holders[key] = key, session
            return self._keys[session]

    def holder(self, access_key: str) -> Session | None:
        """The session of this key; None if no function has it."""
        return self._holders.get(access_key)


def signature(environ: Mapping[str, Any]) -> Signature | None:
    """The signature of a WSGI request: in its header or, for a presigned URL, in its query."""
    header, query = environ.get("HTTP_AUTHORIZATION", ""), unquote(environ.get("QUERY_STRING", ""))
    found = _CREDENTIAL.search(header) or _CREDENTIAL.search(query)
    return Signature(found["key"], found["region"], found["service"]) if found else None
