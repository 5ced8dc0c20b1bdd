"""The command line in processes of its own, with a state folder of its own."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.target.target import Target

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / ".retune" / "packaged"
IRIS = ROOT / "examples" / "iris.csv"


@dataclass(frozen=True)
class Cli:
    """`./retune` without its launcher; of the developer's own state only the packages made are shared."""

    state: Path

    def __post_init__(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        PACKAGES.mkdir(parents=True, exist_ok=True)
        (self.state / "packaged").symlink_to(PACKAGES)

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_ENDPOINT")}
        return {**inherited, "RETUNE_STATE": str(self.state), "COLUMNS": "80", "PYTHONPATH": str(ROOT)}

    def __call__(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            cwd=cwd or ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words),
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=(self.state / "stderr.txt").open("w"),
            text=True,
        )

    def up(self, *options: object) -> "Up":
        """Start `./retune up --json`, and return once it is ready."""
        return self.until_ready(self.start("up", "--json", *options))

    def until_ready(self, process: subprocess.Popen[str]) -> "Up":
        """Wait until the `up` of that process has printed its resources."""
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (self.state / "stderr.txt").read_text()
        return Up(self, json.loads(line), process)

    def command(self, *words: object) -> list[str]:
        return [sys.executable, "-P", "-m", "cli", *(str(word) for word in words)]

    def processes(self) -> list[str]:
        """Command lines of everything that still runs with our state folder in its environment or words."""
        return list(self._running().values())

    def pids(self, naming: str) -> list[int]:
        """Of those, the ones with this word in their command line."""
        return [pid for pid, words in self._running().items() if naming in words.split()]

    def _running(self) -> dict[int, str]:
        found = {}
        for process in Path("/proc").iterdir():
            if not process.name.isdigit() or int(process.name) == os.getpid():
                continue
            try:
                words = (process / "cmdline").read_bytes()
                named = str(self.state).encode() in words + (process / "environ").read_bytes()
            except OSError:
                continue
            if named and words:
                found[int(process.name)] = words.replace(b"\0", b" ").decode()
        return found


@dataclass(frozen=True)
class Up:
    """A local AWS that is up, and the command line that talks to it."""

    cli: Cli
    ready: dict[str, Any]
    process: subprocess.Popen[str]

    def client(self, service: str) -> Any:
        return self._target.client(service)

    @cached_property
    def _target(self) -> Target:
        return Target(self.ready["endpoint_url"], self.ready["region"])

    def end(self) -> None:
        """End it with SIGTERM, unless it has already ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def said(self) -> str:
        return (self.cli.state / "stderr.txt").read_text()
