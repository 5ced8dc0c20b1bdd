"""A local AWS in its own process, whose image is a shell script, for the benches to measure."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.paths import ROOT
from local_sagemaker.clients import client


@dataclass(frozen=True)
class LocalAws:
    """`ready` is what `up --json` printed; `program` is the script that runs as the image."""

    ready: dict[str, Any]
    pid: int
    program: Path

    def client(self, service: str) -> Any:
        return client(service, self.ready["endpoint_url"], self.ready["region"])


@contextmanager
def up(folder: Path, image: str, script: str, *options: str) -> Iterator[LocalAws]:
    """Run `./retune up` without its launcher, with its home in the folder and the script as the image of that name."""
    program = folder / image / "train"
    program.parent.mkdir()
    program.write_text(script)
    program.chmod(0o755)
    words = ("up", "--json", "--home", str(folder / "home"), "--image", f"{image}={program.parent}", *options)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "cli", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RETUNE_STATE": str(folder / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        yield LocalAws(json.loads(process.stdout.readline()), process.pid, program)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
