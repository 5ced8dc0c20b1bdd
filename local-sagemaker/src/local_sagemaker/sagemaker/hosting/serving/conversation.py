"""One HTTP request to a serving container, and its response."""

import http.client
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from local_sagemaker.values import HOST

_PIECE_BYTES = 1 << 20


class NoResponse(Exception):
    """The container refused or dropped the connection, or did not speak HTTP."""


class ResponseTimeout(NoResponse):
    """The container did not respond in time."""


@dataclass(frozen=True)
class Response:
    """A container's response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def ask(
    port: int, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout_s: float
) -> Response:
    """Send a request; `timeout_s` is for the whole exchange. Raises: NoResponse, ResponseTimeout."""
    until = time.monotonic() + timeout_s
    with closing(http.client.HTTPConnection(HOST, port, timeout=timeout_s)) as connection:
        try:
            connection.request(method, path, body, dict(headers))
            connection_socket = connection.sock
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, found, b"".join(_read(answer, connection_socket, until)))
        except TimeoutError as e:
            raise ResponseTimeout(f"no response within {timeout_s:g} seconds") from e
        except (OSError, http.client.HTTPException) as e:
            raise NoResponse(f"{type(e).__name__}: {e}") from e


def _read(answer: http.client.HTTPResponse, connection: socket.socket, until: float) -> Iterator[bytes]:
    """Read the body in pieces, each of which may take the remaining time."""
    left_s = until - time.monotonic()
    while left_s > 0:
        connection.settimeout(left_s)
        piece = answer.read1(_PIECE_BYTES)
        if not piece:
            return
        yield piece
        left_s = until - time.monotonic()
    raise TimeoutError
