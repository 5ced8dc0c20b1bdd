"""Fixtures of the tests that drive the command line against a local AWS."""

import json
import signal
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
    cli = Cli(tmp_path_factory.mktemp("up"))
    process = cli.start("up", "--json", "--settle", 1)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (cli.state / "stderr.txt").read_text()
    yield Up(cli, json.loads(line), process)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
