"""The threads in which jobs run, and endpoints change."""

import threading
import time
from collections.abc import Callable
from typing import Any


class Threads:
    """Started one by one; those that have ended are forgotten."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def start(self, name: str, run: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=run, args=arguments, name=name, daemon=True)
        self._threads = [*(other for other in self._threads if other.is_alive()), thread]
        thread.start()

    def join(self, within_s: float) -> None:
        """Wait until all have ended, or the time is over."""
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
