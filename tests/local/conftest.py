"""Fixtures of the tests that drive the command line against a local AWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.local.command_line import Cli, Up


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "state")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """`./retune up --json`, with a settle time of one second."""
    up = Cli(tmp_path_factory.mktemp("up")).up("--settle", 1)
    yield up
    up.end()
