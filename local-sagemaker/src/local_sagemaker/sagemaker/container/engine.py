"""Docker or Podman, if installed: checks which images it has, and runs them as SageMaker does.

The engine runs with this process's environment, so that it finds the same images as the user's shell.
"""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Docker's client is often installed without a running server; only `version` needs both.
ANSWERS = {"docker": "version", "podman": "--version"}
NOT_STARTED = 125
"""The exit code with which both report that they, not the program, failed."""
_LOOK_S = 0.2


@dataclass(frozen=True)
class Engine:
    """A container engine, by the name of its program."""

    name: str

    def has(self, image: str) -> bool:
        """Whether it has the image locally."""
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
        stop_signal: str | None = None,
    ) -> tuple[str, ...]:
        """The command line that runs the image. `volumes` maps paths in the container to folders on this machine;
        `stop_signal`, such as SIGINT, replaces the image's.

        A job without network isolation uses the host network, because the local AWS listens only on loopback."""
        first, rest = entrypoint[:1], entrypoint[1:]
        return (
            self.name, "--log-level", "fatal", "run", "--rm", "--pull", "never",
            "--name", container,
            "--network", "none" if is_isolated else "host",
            *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
            *(word for inside, here in volumes.items() for word in ("--volume", f"{here}:{inside}")),
            *(word for program in first for word in ("--entrypoint", program)),
            *(("--stop-signal", stop_signal) if stop_signal else ()),
            image, *rest, *arguments,
        )  # fmt: skip

    def stop(self, container: str, grace_s: float) -> bool:
        """Send the container's stop signal, and SIGKILL after `grace_s`; return whether the container existed."""
        return _succeeds(self.name, "stop", "-t", str(max(1, round(grace_s))), container)

    def kill(self, container: str) -> None:
        """Send SIGKILL, if the container still runs."""
        _succeeds(self.name, "kill", container)


def installed() -> Engine | None:
    """The first engine that currently works."""
    return next((Engine(name) for name, question in ANSWERS.items() if _succeeds(name, question)), None)


@dataclass(frozen=True)
class ContainerSignals:
    """Sends signals to a container through its engine; the local process is only the engine's client."""

    engine: Engine
    container: str

    def terminate(self, pid: int, grace_s: float) -> None:
        threading.Thread(target=self._stop, args=(pid, grace_s), daemon=True).start()

    def kill(self, pid: int) -> None:
        self.engine.kill(self.container)

    def _stop(self, pid: int, grace_s: float) -> None:
        """Retry until the container exists: the engine may still be starting it."""
        while not self.engine.stop(self.container, grace_s) and Path(f"/proc/{pid}").exists():
            time.sleep(_LOOK_S)


def _succeeds(*words: str) -> bool:
    try:
        asked = subprocess.run(words, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0
