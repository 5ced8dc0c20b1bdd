"""A container that starts with the first request and ends when it was idle for a while.

One process answers all concurrent requests, up to the endpoint's MaxConcurrency; AWS runs a container for each. The
price: a container that is not prepared for concurrent requests sees some here. MemorySizeInMB is not enforced.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse, Response
from local_sagemaker.sagemaker.hosting.serving.deployment import NotDeployed
from local_sagemaker.sagemaker.hosting.serving.server import GRACE_S, Container, Server

MAX_BODY_BYTES = 4_194_304
"""The limit for serverless endpoints: 4 MB."""
HEALTHY_WITHIN_S = 180.0
"""The time that a container has to become healthy; no source says how long AWS waits."""

_ENDED = "The endpoint is being deleted or updated."


class Throttled(Exception):
    """MaxConcurrency requests are being answered already."""


class OnDemandServer:
    """Thread-safe. `start` makes a new server healthy, or raises NotDeployed; `config` is a ServerlessConfig. With a
    ProvisionedConcurrency the container is kept running."""

    max_body_bytes = MAX_BODY_BYTES

    def __init__(
        self,
        container: Container,
        new: Callable[[], Server],
        start: Callable[[Server], None],
        config: Mapping[str, Any],
        idle_after_s: float,
    ):
        self.container = container
        self._new = new
        self._start = start
        self._config = dict(config)
        self._idle_after_s = idle_after_s
        self._changed = threading.Condition()
        self._asked = 0
        self._warm: Future[Server] | None = None
        self._alive: set[Server] = set()
        self._timer: threading.Timer | None = None
        self._is_ended = False

    def check_start(self) -> None:
        """Start the container once, as AWS does while it creates the endpoint, and end it unless its concurrency is
        provisioned. Raises: NotDeployed."""
        self._server()
        if not self._is_provisioned:
            self._cool_down()

    def reconfigure(self, config: Mapping[str, Any]) -> None:
        """Use another concurrency from now on."""
        with self._changed:
            self._config = dict(config)
        if self._is_provisioned:
            self._server()
        else:
            self._cool_down_later()

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout_s: float) -> Response:
        """Send a request, after a cold start if there is no container; `timeout_s` does not include that.

        Raises: Throttled; NoResponse: also if the container does not start; ResponseTimeout."""
        with self._admitted():
            try:
                server = self._server()
            except NotDeployed as e:
                raise NoResponse(str(e)) from e
            return server.ask(method, path, body, headers, timeout_s)

    def end(self, grace_s: float = GRACE_S, answers_within_s: float = 0.0) -> None:
        """End for good: open requests are answered first, but those that still wait for a cold start are not."""
        with self._changed:
            self._is_ended = True
            self._cancel_timer()
            self._changed.wait_for(lambda: not self._asked or self._is_starting, answers_within_s)
            alive = list(self._alive)
        for server in alive:
            server.end(grace_s)

    @property
    def _is_provisioned(self) -> bool:
        return bool(self._config.get("ProvisionedConcurrency"))

    @property
    def _is_starting(self) -> bool:
        return self._warm is not None and not self._warm.done()

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        with self._changed:
            if self._asked >= self._config["MaxConcurrency"]:
                raise Throttled
            self._asked += 1
            self._cancel_timer()
        try:
            yield
        finally:
            with self._changed:
                self._asked -= 1
                self._changed.notify_all()
            self._cool_down_later()

    def _server(self) -> Server:
        """The running server; the first caller starts it, and the others wait for its outcome. Raises: NotDeployed."""
        with self._changed:
            if self._is_ended and self._warm is None:
                raise NotDeployed(_ENDED)
            warm, is_first = self._warm, self._warm is None
            if warm is None:
                warm = self._warm = Future()
                server = self._new()
                self._alive.add(server)
        if is_first:
            self._launch(server, warm)
        return warm.result()

    def _launch(self, server: Server, warm: Future[Server]) -> None:
        failure: NotDeployed | None = NotDeployed("The container could not be started.")
        try:
            self._start(server)
            failure = None
        except NotDeployed as e:
            failure = NotDeployed(_ENDED) if self._is_ended else e
        finally:
            self._publish(server, warm, failure)

    def _publish(self, server: Server, warm: Future[Server], failure: NotDeployed | None) -> None:
        """Let those who wait for the server go on. After a failure, the next request tries again."""
        with self._changed:
            if failure is None:
                warm.set_result(server)
            else:
                self._alive.discard(server)
                self._warm = None
                warm.set_exception(failure)
            self._changed.notify_all()

    def _cool_down_later(self) -> None:
        with self._changed:
            self._cancel_timer()
            if self._asked or self._is_ended:
                return
            self._timer = threading.Timer(self._idle_after_s, self._cool_down)
            self._timer.daemon = True
            self._timer.start()

    def _cool_down(self) -> None:
        """End the container, unless a request came in meanwhile."""
        with self._changed:
            if self._asked or self._is_ended or self._is_provisioned or self._warm is None or self._is_starting:
                return
            server, self._warm = self._warm.result(), None
        server.end(GRACE_S)
        with self._changed:
            self._alive.discard(server)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
