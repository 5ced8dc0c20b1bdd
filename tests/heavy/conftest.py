"""What the heavy suites share."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cli.deploy.bundle import package
from cli.deploy.sam import transform
from cli.paths import STATE
from tests.support.heavy.alone import Alone
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import surroundings
from tests.support.heavy.groups import position
from tests.support.heavy.podman import Podman, own_podman

CLI = [sys.executable, "-P", "-m", "cli"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order them as their groups start."""
    items.sort(key=lambda item: position(item.nodeid))


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """`./retune up --only-aws`, one for all tests: give each names of its own."""
    with up(tmp_path_factory.mktemp("alone"), "--only-aws") as alone:
        yield alone


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """`./retune up`: Retune is deployed in it."""
    with up(tmp_path_factory.mktemp("deployed")) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    """One store for all tests, so that what one has built is another's layer cache."""
    with own_podman(tmp_path_factory.mktemp("podman")) as podman:
        yield podman


@pytest.fixture(scope="session")
def plain() -> dict[str, Any]:
    """The stack as CloudFormation gets it."""
    packaged = package(ROOT, STATE / "packaged", "us-east-1")
    return transform(packaged.template, "artifacts", "code.zip", "us-east-1")


@contextmanager
def up(folder: Path, *options: str) -> Iterator[Alone]:
    """A local AWS in a process of its own, and what a shell has after `eval "$(./retune env)"`."""
    clean = {**surroundings(folder / "home"), "RETUNE_STATE": str(folder / "state"), "PYTHONPATH": str(ROOT)}
    with (folder / "said.txt").open("w") as said:
        words = [*CLI, "up", *options, "--json"]
        process = subprocess.Popen(words, env=clean, stdout=subprocess.PIPE, stderr=said, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "said.txt").read_text()
        exported = subprocess.run([*CLI, "env"], env=clean, check=True, capture_output=True, text=True).stdout
        yield Alone(json.loads(line), {**surroundings(folder / "home"), **exports(exported)})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def exports(script: str) -> dict[str, str]:
    """The variables that such lines set."""
    lines = [shlex.split(line) for line in script.splitlines()]
    return dict(words[1].split("=", 1) for words in lines if words[0] == "export")
