"""Keeps a serving container running: starts it on a port, waits until `/ping` returns 200, and restarts it if it dies.

AWS pings for as long as a container may take to start, and restarts one that ends. Here, a container that ends before
it was ever healthy fails immediately, instead of keeping the caller waiting.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse, Response, ask
from local_sagemaker.sagemaker.hosting.serving.ports import Ports, is_free
from local_sagemaker.sagemaker.hosting.serving.program import ServingProcess, command

MAX_BODY_BYTES = 6_291_456
"""The limit for the requests of endpoints with instances: 6 MB."""
PING_TIMEOUT_S = 2.0
GRACE_S = 30.0
_PING_EVERY_S = 0.05
_RESTART_AFTER_S = 1.0
_PORTS_TRIED = 5


class NotHealthy(Exception):
    """The container ended, or did not pass the ping health check in time; the message tells which, and where the log
    is."""


@dataclass(frozen=True)
class Container:
    """An image to serve, in its own folder, with the variables of its model. `on_line` receives its output."""

    image: Program | ContainerImage
    folder: Path
    variables: Mapping[str, str]
    on_line: Callable[[str], None]

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def note(self, text: str) -> None:
        """Add our own line to the container's output, marked as SageMaker does."""
        line = f"{datetime.now(UTC).isoformat(timespec='milliseconds')[:-6]}:[sagemaker logs]: {text}"
        with self.log.open("a") as log:
            log.write(f"{line}\n")
        self.on_line(line)


class Server:
    """Serves from the return of `start` until `end`. Thread-safe."""

    max_body_bytes = MAX_BODY_BYTES

    def __init__(self, container: Container, ports: Ports, watchdog: Watchdog):
        self.container = container
        self._ports = ports
        self._watchdog = watchdog
        self._ending = threading.Event()
        self._changed = threading.Condition()
        self._asked = 0
        self._port = 0
        self._serving: ServingProcess | None = None
        self._keeper = threading.Thread(target=self._keep_up, name=f"keeps {container.folder.name}", daemon=True)

    def start(self, within_s: float) -> None:
        """Start, and return once the container is healthy. Raises: NotHealthy: the container has been ended."""
        self._launch(within_s)
        self._within_s = within_s
        self._keeper.start()

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout_s: float) -> Response:
        """Send a request to the container. Raises: NoResponse, ResponseTimeout."""
        with self._changed:
            self._asked += 1
        try:
            return ask(self._port, method, path, body, headers, timeout_s)
        finally:
            with self._changed:
                self._asked -= 1
                self._changed.notify_all()

    def end(self, grace_s: float = GRACE_S, answers_within_s: float = 0.0) -> None:
        """End the container, after open requests are answered. A second call changes nothing."""
        with self._changed:
            self._changed.wait_for(lambda: not self._asked, answers_within_s)
        self._ending.set()
        if self._serving is not None:
            self._serving.end(grace_s)
        if self._keeper.is_alive():
            self._keeper.join()

    def _launch(self, within_s: float) -> None:
        until = time.monotonic() + within_s
        for _ in range(_PORTS_TRIED):
            serving = self._serving = self._start_on(self._ports.reserve())
            if self._becomes_healthy(serving, until):
                return
            why, is_taken = self._why(serving), not serving.is_alive and not is_free(self._port)
            serving.end(0.0)
            self._release_port()
            if self._ending.is_set() or not is_taken:
                break
        raise NotHealthy(why)

    def _start_on(self, port: int) -> ServingProcess:
        self._port = port
        one = self.container
        try:
            return ServingProcess(
                command(one.image, one.folder, port, one.variables), one.log, one.on_line, self._watchdog
            )
        except (DataFault, OSError) as e:
            self._release_port()
            raise NotHealthy(f"It cannot be started: {e}") from e

    def _release_port(self) -> None:
        """Return the port, only once: it may be lent again soon."""
        port, self._port = self._port, 0
        self._ports.release(port)

    def _becomes_healthy(self, serving: ServingProcess, until: float) -> bool:
        """Whether the container becomes healthy in time; False if it is ended meanwhile."""
        while serving.is_alive and time.monotonic() < until and not self._ending.is_set():
            with suppress(NoResponse):
                if ask(self._port, "GET", "/ping", None, {}, PING_TIMEOUT_S).status == 200 and serving.is_alive:
                    return True
            self._ending.wait(_PING_EVERY_S)
        return False

    def _why(self, serving: ServingProcess) -> str:
        what = f"did not return 200 for /ping on the port of SAGEMAKER_BIND_TO_PORT, {self._port}"
        said = what if serving.is_alive else serving.how_it_ended
        return f"It {said}; its log is {self.container.log}"

    def _keep_up(self) -> None:
        while not self._ending.is_set():
            assert self._serving is not None, "it must have been launched"
            self._serving.wait()
            if self._ending.is_set():
                break
            self.container.note(f"the container {self._serving.how_it_ended} and is restarted")
            self._serving.end(0.0)
            self._release_port()
            self._ending.wait(_RESTART_AFTER_S)
            with suppress(NotHealthy):
                self._launch(self._within_s)
        self._release_port()
