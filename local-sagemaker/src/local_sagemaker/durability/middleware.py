"""Passes requests to moto one at a time, and sends each response once the changes are saved."""

import sys
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.requests import Effect, request_of

_IN_MEMORY = 1 << 20
_FORM_LIMIT = 1 << 20
_AT_ONCE = 1 << 17

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class CommitMiddleware:
    """A WSGI application. It reads a request's body before taking the lock, so that slow senders block no others."""

    def __init__(self, application: Wsgi, keeper: Keeper) -> None:
        self._application = application
        self._keeper = keeper

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with SpooledTemporaryFile(_IN_MEMORY) as body:
            _copy(environ, body)
            request = request_of(environ, body.read(_FORM_LIMIT))
            body.seek(0)
            whole = {**environ, "wsgi.input": body}
            effect = request.effect
            with self._keeper.changing():
                answer = self._application(whole, start_response)
                try:
                    sent = list(answer)
                finally:
                    if effect is not Effect.NONE:
                        self._keeper.heard(request, effect)
                    if close := getattr(answer, "close", None):
                        close()
            return sent


def _copy(environ: dict[str, Any], body: IO[bytes]) -> None:
    """Copy the request's whole body into `body` and rewind it. A chunked body marks its own end."""
    source = environ["wsgi.input"]
    left = sys.maxsize if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0 and (chunk := source.read(min(left, _AT_ONCE))):
        body.write(chunk)
        left -= len(chunk)
    body.seek(0)
