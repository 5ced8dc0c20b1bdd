"""Empties a running local AWS: the application behind the HTTP server is replaced by one with an empty home."""

import json
from collections.abc import Callable, Iterable
from threading import Condition
from typing import Any

from local_sagemaker.durability.lock import StateClosed

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class RequestGate:
    """A WSGI application that passes requests on to another one; while it holds them, they wait."""

    def __init__(self) -> None:
        self._application: Wsgi | None = None
        self._in_flight = 0
        self._changed = Condition()

    def open(self, application: Wsgi) -> None:
        """Pass requests on, those that wait as well."""
        with self._changed:
            self._application = application
            self._changed.notify_all()

    def hold(self, within_s: float) -> None:
        """Let new requests wait; return once the others are answered, after `within_s` at the latest."""
        with self._changed:
            self._application = None
            self._changed.wait_for(lambda: not self._in_flight, within_s)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._changed:
            self._changed.wait_for(lambda: self._application is not None)
            application = self._application
            self._in_flight += 1
        assert application is not None, "the wait above ends when there is one"
        try:
            return list(application(environ, start_response))
        except StateClosed:
            return _answer(start_response, "503 Service Unavailable", message="The local AWS was reset meanwhile.")
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()


class MotoApi:
    """A WSGI application: answers `POST /moto-api/reset`, and refuses the rest of moto's own API, which would change
    moto's state without saving it. The response to a reset says what was reset."""

    def __init__(self, next_: Wsgi, reset: Callable[[], None], what: str = "everything") -> None:
        self._next = next_
        self._reset = reset
        self._what = what

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/moto-api"):
            return self._next(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST" and path.rstrip("/") == "/moto-api/reset":
            self._reset()
            return _answer(start_response, "200 OK", status="ok", reset=self._what)
        text = "Of moto's own API, the local AWS supports only POST /moto-api/reset."
        return _answer(start_response, "404 Not Found", message=text)


def _answer(start_response: Any, line: str, /, **answer: str) -> Iterable[bytes]:
    payload = json.dumps(answer).encode()
    start_response(line, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
    return [payload]
