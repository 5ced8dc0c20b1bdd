"""A container of the local SageMaker's image, with a port of this machine."""

import json
import secrets
from contextlib import ExitStack
from functools import cached_property
from typing import Any, Self

from local_sagemaker.clients import client
from support.account import eventually
from tests.support.heavy.podman import Podman


class Container:
    """In its block it runs; afterwards it is removed. `options` are podman's, `words` the program's."""

    def __init__(
        self, podman: Podman, image: str, port: int, options: tuple[str, ...] = (), words: tuple[str, ...] = ()
    ) -> None:
        self.name = f"local-sagemaker-{secrets.token_hex(4)}"
        self.endpoint_url = f"http://localhost:{port}"
        self._podman = podman
        self._command = (f"--publish=127.0.0.1:{port}:4566", *options, image, "--json", *words)

    def __enter__(self) -> Self:
        with ExitStack() as started:
            started.callback(self._remove)
            self._podman.says("run", "--detach", "--name", self.name, *self._command)
            assert self.ready
            started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def _remove(self) -> None:
        self._podman("rm", "--force", "--volumes", "--time", "0", self.name)

    @cached_property
    def ready(self) -> dict[str, Any]:
        """What it writes once it answers."""
        return dict(json.loads(eventually(self._line)))

    def client(self, service: str) -> Any:
        """boto3's, of this machine."""
        return client(service, self.endpoint_url, "us-east-1")

    def runs(self, *words: str) -> str:
        """What a program in it says."""
        return self._podman.says("exec", self.name, *words)

    def stop(self) -> int:
        """Send SIGTERM, and return the exit code; 137 if it had to be killed."""
        self._podman.says("stop", "--time", "60", self.name)
        return int(self._podman.says("inspect", "--format", "{{.State.ExitCode}}", self.name))

    def _line(self) -> str:
        said = self._podman("logs", self.name)
        running = self._podman.says("inspect", "--format", "{{.State.Running}}", self.name)
        assert running == "true", said.stderr[-3000:]
        return said.stdout.strip()
