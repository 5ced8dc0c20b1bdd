"""The one HTTP server: threads, keep-alive, no Nagle delay, loopback only."""

import contextlib
import errno
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

HOST = "127.0.0.1"


class PortTaken(OSError):
    """Another program listens on the port that was asked for."""


class HttpServer:
    """Serves a WSGI application on a listener from a background thread, from construction until `stop()`."""

    def __init__(self, listener: socket.socket, application: Callable[..., Any]) -> None:
        self._open: set[socket.socket] = set()
        handler = _handler(self._open)
        with listener:  # the server makes its own copy
            self._server = make_server(
                HOST, 0, application, threaded=True, request_handler=handler, fd=listener.fileno()
            )
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.05,), name="local-aws-http", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Takes no further connection and ends the open ones, which clients keep in pools."""
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handler(open_connections: set[socket.socket]) -> type[MotoRequestHandler]:
    class Handler(MotoRequestHandler):  # moto's keeps the underscores in S3 metadata names
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            open_connections.add(self.connection)

        def finish(self) -> None:
            open_connections.discard(self.connection)
            super().finish()

        def log_request(self, *_: Any) -> None:
            """Silent: thousands of polls would drown what matters."""

    return Handler


def listen(port: int) -> socket.socket:
    """A listener; callers wait until it is served. Port 0 takes a free one. Raises: PortTaken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as e:
        listener.close()
        if e.errno != errno.EADDRINUSE:
            raise
        what = f"port {port} of {HOST} is taken by another program; choose another"
        raise PortTaken(errno.EADDRINUSE, what) from e  # werkzeug's own answer is sys.exit
    return listener
