"""The program that builds images on this machine: Docker, Podman or Buildah, the first that works.

All three take nearly the same options. The differences are here.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cli.console import ExitCode, Leave

# The docker command is often installed without a running daemon; only `version` contacts both.
ANSWERS = {"docker": "version", "podman": "--version", "buildah": "--version"}
# SageMaker refuses OCI manifests. Docker makes one only for attestations, which a variable turns off.
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
    """One of these programs, by name."""

    name: str

    def build(self, folder: Path, image: str, options: Iterable[str]) -> bool:
        """Build the image, with the program's output on stderr; return whether that succeeded."""
        words = [self.name, *DIALECT[self.name], "--platform", "linux/amd64", "--tag", image, *options, str(folder)]
        environment = {**os.environ, **ENVIRONMENT}
        return subprocess.run(words, env=environment, stdout=sys.stderr, check=False).returncode == 0

    def log_in(self, registry: str, user: str, password: str) -> bool:
        """Log in to the registry; return whether that succeeded. The password does not show in the process list."""
        words = [self.name, "login", "--username", user, "--password-stdin", registry]
        return subprocess.run(words, input=password, text=True, stdout=sys.stderr, check=False).returncode == 0

    def push(self, image: str) -> bool:
        """Push the image with a Docker manifest, output on stderr; return whether that succeeded."""
        words = [self.name, *PUSH_DIALECT[self.name], image]
        return subprocess.run(words, stdout=sys.stderr, check=False).returncode == 0

    def size_bytes(self, image: str) -> int | None:
        """Return the uncompressed size; None without such an image, or for Buildah, which does not count bytes."""
        words = [self.name, "image", "inspect", "--format", "{{.Size}}", image]
        asked = subprocess.run(words, capture_output=True, text=True, check=False)
        return int(asked.stdout) if asked.returncode == 0 else None


def builder() -> Engine:
    """Find a program that builds images. Raises: Leave: there is none."""
    return _first("docker", "podman", "buildah")


def runner() -> Engine:
    """Find a program that also runs images. Raises: Leave: there is none."""
    return _first("docker", "podman")


def _first(*names: str) -> Engine:
    for name in names:
        if _answers(name):
            return Engine(name)
    *others, last = names
    what = f"neither {', '.join(others)} nor {last} works here"
    fix = "start Docker, or on Debian: apt-get install podman runc"
    raise Leave(ExitCode.FAILED, f"This needs an image builder, but {what}: {fix}")


def _answers(name: str) -> bool:
    try:
        asked = subprocess.run([name, ANSWERS[name]], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0
