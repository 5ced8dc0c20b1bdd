"""The HTTP server, with a thread and a connection per request, since werkzeug keeps none open."""

import errno
import ipaddress
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from local_sagemaker.beside.forward import RAW_HEADERS
from local_sagemaker.durability.database import Database
from local_sagemaker.moto_seams.http import MotoRequestHandler
from local_sagemaker.values import HOST


class PortRefused(OSError):
    """The requested port is in use by another program or privileged, or the address is not one of this machine."""


class _Handler(MotoRequestHandler):  # moto's keeps the underscores in S3 metadata names
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def make_environ(self) -> dict[str, Any]:
        return {**super().make_environ(), RAW_HEADERS: self.headers.items()}

    def log_request(self, *_: Any) -> None:
        """Log no requests: thousands of polls would drown out the important lines."""


class HttpServer:
    """Serve a WSGI application on a listener from a background thread, from construction until `stop()`."""

    def __init__(self, listener: socket.socket, application: Callable[..., Any]) -> None:
        with listener:  # the server makes its own copy
            host, fd = listener.getsockname()[0], listener.fileno()
            self._server = make_server(host, 0, application, threaded=True, request_handler=_Handler, fd=fd)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="local-aws-http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Accept no further connections."""
        self._server.shutdown()
        self._thread.join()


def listen_again(port: int, database: Database, bind: str = HOST) -> socket.socket:
    """Listen on this port and remember it; for port 0, listen on the port remembered last, if it is free."""
    known = next((int(name) for _, name, _ in database.rows("port")), 0)
    try:
        listener = listen(port or known, bind)
    except PortRefused:
        if port or not known:
            raise
        listener = listen(0, bind)
    database.delete_place("port", "")
    database.save("port", "", str(listener.getsockname()[1]), b"")
    database.commit()
    return listener


def listen(port: int, bind: str = HOST) -> socket.socket:
    """Open a listener on this IP address; connections wait until it is served. Port 0 takes a free port.

    Raises: PortRefused."""
    listener = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bind, port))
        listener.listen(128)
    except OSError as e:
        listener.close()
        reasons = {
            errno.EADDRINUSE: f"port {port} of {bind} is in use by another program; choose another",
            errno.EACCES: f"port {port} of {bind} is privileged; choose another",
            errno.EADDRNOTAVAIL: f"{bind} is not an address of this machine; bind to another",
        }
        if e.errno not in reasons:
            raise
        raise PortRefused(e.errno, reasons[e.errno]) from e  # werkzeug's own answer is sys.exit
    return listener


def own_host(bind: str) -> str:
    """The host under which this machine's programs reach what listens on this address, also if it is all addresses."""
    address = ipaddress.ip_address(bind)
    if address.is_unspecified:
        address = ipaddress.ip_address(HOST if address.version == 4 else "::1")
    return f"[{address}]" if address.version == 6 else str(address)
