"""The credentials that functions are given: by the access key in a request's signature the caller is known."""

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
    """A role that somebody has assumed; `name` is the function's."""

    role_arn: str
    name: str

    @property
    def arn(self) -> str:
        """The principal, as AWS's messages name it."""
        _, partition, _, _, account, role = self.role_arn.split(":", 5)
        return f"arn:{partition}:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{self.name}"


@dataclass(frozen=True)
class Signature:
    """What a request says of who signed it, and for which service."""

    access_key: str
    region: str
    service: str


class Sessions:
    """For any number of threads. They live as long as this process, as do the functions that hold them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[Session, str] = {}
        self._holders: dict[str, Session] = {}

    def access_key(self, session: Session) -> str:
        """The session's own; a second call gives the same."""
        with self._lock:
            if session not in self._keys:
                key = "ASIA" + base64.b32encode(secrets.token_bytes(10)).decode()
                self._keys[session], self._holders[key] = key, session
            return self._keys[session]

    def holder(self, access_key: str) -> Session | None:
        """Who was given this key; None: it is nobody's here."""
        return self._holders.get(access_key)


def signature(environ: Mapping[str, Any]) -> Signature | None:
    """Of a WSGI request, in its header or, if it was signed in advance, in its query."""
    header, query = environ.get("HTTP_AUTHORIZATION", ""), unquote(environ.get("QUERY_STRING", ""))
    found = _CREDENTIAL.search(header) or _CREDENTIAL.search(query)
    return Signature(found["key"], found["region"], found["service"]) if found else None
