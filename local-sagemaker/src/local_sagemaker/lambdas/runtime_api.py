"""Lambda's Runtime API for one execution environment: the HTTP server that the runtime client polls.

docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import re
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Thread
from typing import Any

_PREFIX = "/2018-06-01/runtime"
_RESULT = re.compile(rf"^{_PREFIX}/(?:invocation/[^/]+/(response|error)|init/(error))$")


@dataclass(frozen=True)
class Event:
    """One invocation to pass to the function."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str


@dataclass(frozen=True)
class Ready:
    """The function polled for its next event."""


@dataclass(frozen=True)
class Answer:
    """The function answered, or raised."""

    payload: bytes
    is_error: bool


class RuntimeApi:
    """Put Ready and Answer into `inbox` in the order of the function's requests."""

    def __init__(self, inbox: SimpleQueue[Any]) -> None:
        self._inbox = inbox
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._server = _Server(self)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.2,), name=f"runtime-{self.address}", daemon=True).start()

    def send(self, event: Event) -> None:
        """Pass the event to the function that is Ready."""
        self._events.put(event)

    def close(self) -> None:
        """Stop answering."""
        self._events.put(None)
        Thread(target=self._close, daemon=True).start()  # shutdown waits for the server's poll

    def _close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_event(self) -> Event | None:
        """Block until there is an event; None once closed."""
        self._inbox.put(Ready())
        return self._events.get()

    def take(self, payload: bytes, is_error: bool) -> None:
        """Pass on the function's response or error."""
        self._inbox.put(Answer(payload, is_error))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _RuntimeApiHandler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report errors, except that a function was killed before it read a response."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _RuntimeApiHandler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each call waits 40 ms for a delayed ACK

    def do_GET(self) -> None:
        if self._is_of_a_page():
            return self._respond(403, b"", {})
        event = self.server.api.next_event() if self.path == f"{_PREFIX}/invocation/next" else None
        if event is None:
            self.close_connection = True
            return None
        return self._respond(200, event.payload, _headers(event))

    def do_POST(self) -> None:
        body = self._body()
        if self._is_of_a_page():
            return self._respond(403, b"", {})
        if (result := _RESULT.match(self.path)) is None:
            return self._respond(404, b"", {})
        self.server.api.take(body, is_error=result[1] != "response")
        return self._respond(202, b'{"status":"OK"}', {})

    def _is_of_a_page(self) -> bool:
        """Whether a browser sent the request: only the runtime client may take events and answer them."""
        named = "Origin" in self.headers or "Sec-Fetch-Site" in self.headers
        return named or self.headers.get("Host") != self.server.api.address

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _respond(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log no requests."""


def _headers(event: Event) -> dict[str, str]:
    trace = event.request_id.replace("-", "")
    return {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": event.request_id,
        "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
        "Lambda-Runtime-Trace-Id": f"Root=1-{trace[:8]}-{trace[8:]};Sampled=0",
    }
