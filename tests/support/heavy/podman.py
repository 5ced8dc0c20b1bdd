"""Podman and Buildah with a store of their own, in which nothing of this machine's own images is touched."""

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_sagemaker import LocalSageMaker
from support.account import Account
from tests.support.container.process import eventually
from tests.support.container.server import Served, a_free_port
from tests.support.heavy.cache import CACHE, ROOT, only_one
from tests.support.heavy.debian_root import bootstrapped, run

BASE = "localhost/debian:bookworm-slim"
# Debian's crun fails on hybrid cgroups; without the limits podman fails where it may not raise them. Soft limits equal
# hard ones, because Podman's service swaps them.
CONTAINERS_CONF = """
[engine]
runtime = "runc"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
"""


@dataclass(frozen=True)
class Podman:
    """Its store, by the environment that leads there."""

    environment: Mapping[str, str]

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(word) for word in ("podman", *words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def says(self, *words: str | Path) -> str:
        """stdout. Raises: AssertionError: it failed."""
        ended = self(*words)
        assert ended.returncode == 0, f"podman {words} ended with {ended.returncode}: {ended.stderr[-3000:]}"
        return ended.stdout.strip()

    def build(self, tag: str, folder: Path, program: str, script: str, *instructions: str) -> None:
        """An image of BASE with one executable file, and further instructions of a Dockerfile."""
        (folder / program).write_text(script)
        (folder / program).chmod(0o755)
        (folder / "Dockerfile").write_text("\n".join([f"FROM {BASE}", *instructions, ""]))
        self.says("build", "--format", "docker", "--tag", tag, folder)

    def retune(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`./retune image …`, which finds this store."""
        command = [sys.executable, "-m", "cli", "image", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, errors="replace", check=False
        )

    def train(self, image: str, job: Path) -> subprocess.CompletedProcess[str]:
        return self("run", "--rm", "--network", "none", "--volume", f"{job}:/opt/ml", image, "train")

    @contextmanager
    def started(self, verb: str, image: str, job: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
        """A container; its signals and its exit code are those of the process given."""
        name = f"retune-{secrets.token_hex(4)}"
        command = ["podman", "run", "--rm", "--name", name, "--volume", f"{job}:/opt/ml", *options, image, verb]
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen(command, env=self.environment, **pipe) as process:
            try:
                yield process
            finally:
                self("rm", "--force", "--time", "0", name)
                process.kill()

    @contextmanager
    def serving(self, image: str, job: Path, *options: str) -> Iterator[Served]:
        """A container that serves on a port of this machine."""
        port = a_free_port()
        here = ("--network", "host", "--env", f"SAGEMAKER_BIND_TO_PORT={port}")
        with self.started("serve", image, job, *here, *options) as process:
            served = Served(f"http://127.0.0.1:{port}", process)
            eventually(served.answers)
            yield served

    @contextmanager
    def listening(self, socket: Path) -> Iterator[str]:
        """Its service, which speaks Docker's API; what DOCKER_HOST has to be."""
        address = f"unix://{socket}"
        with subprocess.Popen(["podman", "system", "service", "--time=0", address], env=self.environment) as service:
            try:
                eventually(socket.exists)
                yield address
            finally:
                service.terminate()


@contextmanager
def own_podman(folder: Path) -> Iterator[Podman]:
    """With Debian's smallest root as BASE. What is built in it is gone afterwards, and so is a docker on PATH."""
    (folder / "docker").write_text("#!/bin/sh\nexit 1\n")
    (folder / "docker").chmod(0o755)
    (folder / "containers.conf").write_text(CONTAINERS_CONF)
    (folder / "storage.conf").write_text(f'[storage]\ngraphroot = "{CACHE}/images"\nrunroot = "{_running()}"\n')
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "BUILDAH_ISOLATION": "chroot",  # needs no network of its own
    }
    with only_one("images"):
        run("podman", "import", str(bootstrapped("bookworm")), BASE, env=environment)
        try:
            yield Podman(environment)
        finally:
            run("podman", "rmi", "--all", "--force", env=environment)


@contextmanager
def account_with_images_of(podman: Podman, home: Path) -> Iterator[Account]:
    """An account of a local AWS that finds that Podman's images."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in podman.environment.items():
            patch.setenv(name, value)
        with LocalSageMaker(home) as aws:
            yield Account(aws, [])


def printed_lines(log: Path) -> list[str]:
    """The lines that the program printed; Podman itself complains of this store's configuration."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [line for line in lines if not line.startswith('time="')]


def _running() -> Path:
    """Where that store keeps what runs: always the same, for the store remembers it, and in at most 50 characters."""
    return Path(tempfile.gettempdir(), f"podman-{hashlib.sha256(bytes(CACHE)).hexdigest()[:8]}")
