"""Docker or Podman, where one is on this machine: which images it has, and how one is run as SageMaker runs it.

The engine runs with this process's own environment, so that it finds the images that a person's shell finds.
"""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Docker's command is often there without the server that does the work; only `version` asks both.
ANSWERS = {"docker": "version", "podman": "--version"}
NOT_STARTED = 125
"""The exit code by which both say that they, not the program, failed."""
_LOOK_S = 0.2


@dataclass(frozen=True)
class Engine:
    """One of them, by the name of its program."""

    name: str

    def has(self, image: str) -> bool:
        """Whether it can run the image without fetching it."""
        return not image.startswith("-") and _succeeds(self.name, "image", "inspect", "--format", "{{.Id}}", image)

    def words(
        self,
        image: str,
        container: str,
        variables: Mapping[str, str],
        volumes: Mapping[str, Path],
        entrypoint: Sequence[str],
        arguments: Sequence[str],
        is_isolated: bool,
    ) -> tuple[str, ...]:
        """The command line that runs it. `volumes` maps paths in the container to folders here.

        A job without network isolation gets this machine's network: the local AWS listens on loopback alone."""
        first, rest = entrypoint[:1], entrypoint[1:]
        return (
            self.name, "--log-level", "fatal", "run", "--rm", "--pull", "never",
            "--name", container,
            "--network", "none" if is_isolated else "host",
            *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
            *(word for inside, here in volumes.items() for word in ("--volume", f"{here}:{inside}")),
            *(word for program in first for word in ("--entrypoint", program)),
            image, *rest, *arguments,
        )  # fmt: skip

    def stop(self, container: str, grace_s: float) -> bool:
        """SIGTERM, and SIGKILL after `grace_s`; whether there was such a container."""
        return _succeeds(self.name, "stop", "-t", str(max(1, round(grace_s))), container)

    def kill(self, container: str) -> None:
        """SIGKILL; a container that has ended is no error."""
        _succeeds(self.name, "kill", container)


def installed() -> Engine | None:
    """The first engine that works now."""
    return next((Engine(name) for name, question in ANSWERS.items() if _succeeds(name, question)), None)


@dataclass(frozen=True)
class ContainerSignals:
    """Signals to a container, whose engine's command runs as the process here."""

    engine: Engine
    container: str

    def terminate(self, pid: int, grace_s: float) -> None:
        threading.Thread(target=self._stop, args=(pid, grace_s), daemon=True).start()

    def kill(self, pid: int) -> None:
        self.engine.kill(self.container)

    def _stop(self, pid: int, grace_s: float) -> None:
        """Again until it is told: the engine may still be about to start it."""
        while not self.engine.stop(self.container, grace_s) and Path(f"/proc/{pid}").exists():
            time.sleep(_LOOK_S)


def _succeeds(*words: str) -> bool:
    try:
        asked = subprocess.run(words, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0
