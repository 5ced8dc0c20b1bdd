"""moto's own server, as people run it: a process of its own, without anything of ours."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from support.account import eventually


@pytest.fixture(scope="session")
def moto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("moto") / "log.txt"
    command = [sys.executable, "-m", "moto.server", "-p", "0"]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        yield eventually(lambda: re.findall(r"http://127\.0\.0\.1:\d+", log.read_text()))[0]
        server.kill()
