"""The program that makes images on this machine: Docker, Podman or Buildah, the first that works.

All three take nearly the same words. What differs is here.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cli.console import ExitCode, Leave

# Docker's command is often there without the server that does the work; only `version` asks both.
ANSWERS = {"docker": "version", "podman": "--version", "buildah": "--version"}
# SageMaker refuses OCI manifests. Docker makes one only to attest how it built, which a variable stops.
DIALECT = {
    "docker": ("build",),
    "podman": ("build", "--format", "docker"),
    "buildah": ("build", "--format", "docker", "--layers"),
}
PUSH_DIALECT = {
    "docker": ("push",),
    "podman": ("push", "--format", "v2s2"),
    "buildah": ("push", "--format", "v2s2"),
}
ENVIRONMENT = {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}


@dataclass(frozen=True)
class Engine:
    """One of them, by the name of its program."""

    name: str

    def build(self, folder: Path, image: str, options: Iterable[str]) -> bool:
        """Whether the image could be built; what the program says goes to stderr."""
        words = [self.name, *DIALECT[self.name], "--platform", "linux/amd64", "--tag", image, *options, str(folder)]
        environment = {**os.environ, **ENVIRONMENT}
        return subprocess.run(words, env=environment, stdout=sys.stderr, check=False).returncode == 0

    def log_in(self, registry: str, user: str, password: str) -> bool:
        """Whether the registry lets the user in; the password is seen by nobody who lists processes."""
        words = [self.name, "login", "--username", user, "--password-stdin", registry]
        return subprocess.run(words, input=password, text=True, stdout=sys.stderr, check=False).returncode == 0

    def push(self, image: str) -> bool:
        """Whether it is in its registry now, with Docker's manifest; what the program says goes to stderr."""
        words = [self.name, *PUSH_DIALECT[self.name], image]
        return subprocess.run(words, stdout=sys.stderr, check=False).returncode == 0

    def size_bytes(self, image: str) -> int | None:
        """Uncompressed; None where there is no such image, or for Buildah, which does not count bytes."""
        words = [self.name, "image", "inspect", "--format", "{{.Size}}", image]
        asked = subprocess.run(words, capture_output=True, text=True, check=False)
        return int(asked.stdout) if asked.returncode == 0 else None


def builder() -> Engine:
    """Raises: Leave when nothing here can build an image."""
    return _first("docker", "podman", "buildah")


def runner() -> Engine:
    """Raises: Leave when nothing here can run one."""
    return _first("docker", "podman")


def _first(*names: str) -> Engine:
    for name in names:
        if _answers(name):
            return Engine(name)
    *others, last = names
    what = f"neither {', '.join(others)} nor {last} works"
    fix = "start Docker, or on Debian: apt-get install podman runc"
    raise Leave(ExitCode.FAILED, f"This needs an image builder, and {what} here: {fix}")


def _answers(name: str) -> bool:
    try:
        asked = subprocess.run([name, ANSWERS[name]], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0
