"""The training image, where this machine can build it: `--all` instead builds it on a Debian root of its own making."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.support.local.command_line import ROOT

pytestmark = [pytest.mark.laptop, pytest.mark.timeout(600)]
BASE = os.environ.get("RETUNE_BASE_IMAGE", "public.ecr.aws/docker/library/debian:bookworm-slim")
IMAGE = "retune-mars:tried"


@pytest.fixture(scope="module")
def engine() -> str:
    """Docker or Podman, which has the base image or could fetch it."""
    works = [name for name in ("docker", "podman") if shutil.which(name) and succeeds(name, "info")]
    if not works:
        pytest.skip("neither docker nor podman works here")
    if not (succeeds(works[0], "image", "inspect", BASE) or succeeds(works[0], "pull", BASE)):
        pytest.skip(f"{works[0]} cannot fetch {BASE}, which the image is built on")
    return works[0]


def test_the_image_can_be_built_here_and_trains_and_serves_without_network(engine: str) -> None:
    built = retune("build", "--tag", IMAGE, "--base", BASE)
    try:
        assert built.returncode == 0, built.stderr[-3000:]
        tried = retune("test", IMAGE)
        assert tried.returncode == 0, tried.stderr[-3000:]
        assert "serves" in tried.stdout
    finally:
        succeeds(engine, "rmi", "--force", IMAGE)


def retune(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", "image", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, timeout=300, check=False).returncode == 0
