"""Ports for programs that open them themselves: each is lent to one server at a time.

An open port cannot be passed on, so another program may take it before the server starts; the caller then retries with
another port.
"""

import random
import socket
import threading
from contextlib import closing

_BELOW_WHAT_THE_KERNEL_GIVES = range(20_000, 32_768)
_TRIES = 1000


class Ports:
    """Lends ports. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lent: set[int] = set()

    def reserve(self) -> int:
        """A port that is neither in use nor lent. Raises: OSError: there is none."""
        with self._lock:
            for _ in range(_TRIES):
                port = random.choice(_BELOW_WHAT_THE_KERNEL_GIVES)
                if port not in self._lent and is_free(port):
                    self._lent.add(port)
                    return port
        raise OSError("no port is free for a serving container")

    def release(self, port: int) -> None:
        with self._lock:
            self._lent.discard(port)


def is_free(port: int) -> bool:
    """Whether a server could currently listen on it on all addresses, as containers do."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
