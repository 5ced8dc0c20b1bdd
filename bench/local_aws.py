"""A local AWS in its own process, whose image is a shell script, for the benches to measure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_sagemaker.clients import client
from tests.support.local.command_line import Cli


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
    running = Cli(folder / "state").up("--home", folder / "home", "--image", f"{image}={program.parent}", *options)
    try:
        yield LocalAws(running.ready, running.process.pid, program)
    finally:
        running.end()
