"""The fenced blocks of a page, each with the words behind its fence, and how each is run."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import AWS_CLI, SDK_V2, SDK_V3, Client, surroundings

CLIENTS: dict[str, Client] = {"aws": AWS_CLI, "sagemaker-v2": SDK_V2, "sagemaker-v3": SDK_V3}


@dataclass(frozen=True)
class Block:
    """`language` and `who` are the words behind the fence: ```python sagemaker-v3."""

    line: int
    language: str
    who: str
    source: str


def blocks(page: Path) -> list[Block]:
    """In their order."""
    text = page.read_text(encoding="utf-8")
    fences = re.finditer(r"^```(\w+) ?([\w-]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(text.count("\n", 0, one.start()) + 1, one[1], one[2], one[3]) for one in fences]


class Reader:
    """Somebody who types every block of a page, in a folder that looks like the repository's root."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("retune", "examples"):
            (folder / name).symlink_to(ROOT / name)
        self._base = {**surroundings(folder / "home"), "RETUNE_STATE": str(folder / "state")}
        self._exported: dict[str, str] = {}
        self._up: subprocess.Popen[str] | None = None

    def does(self, block: Block) -> str:
        """Run it; what it said."""
        if block.language == "json":
            return ""
        if (block.language, block.who) == ("sh", "up"):
            return self._start(block.source)
        words = ["bash", "-euo", "pipefail", "-c", block.source]
        if block.language == "python":
            words = [str(self._bin(block.who) / "python"), "-c", block.source]
        done = subprocess.run(words, cwd=self.folder, env=self._environment(block.who), capture_output=True, text=True)
        assert done.returncode == 0, f"line {block.line}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def leave(self) -> None:
        """End what still runs."""
        if self._up and self._up.poll() is None:
            self._up.terminate()
            self._up.wait(60)

    def _start(self, command: str) -> str:
        """A command that stays: until `./retune env` has something to say."""
        said = (self.folder / "said.txt").open("w")
        self._up = subprocess.Popen(
            ["bash", "-euc", f"exec {command}"], cwd=self.folder, env=self._base, stdout=said, stderr=said, text=True
        )
        until = time.monotonic() + 120
        while (asked := self._retune("env")).returncode != 0:
            assert self._up.poll() is None and time.monotonic() < until, (self.folder / "said.txt").read_text()
            time.sleep(0.5)
        lines = re.findall(r"^export (\w+)='?(.*?)'?$", asked.stdout, re.MULTILINE)
        self._exported = dict(lines)
        return (self.folder / "said.txt").read_text()

    def ready(self) -> dict[str, Any]:
        """What the one that is up has announced."""
        (announced,) = (self.folder / "state" / "up").glob("*.json")
        return dict(json.loads(announced.read_text()))

    def _retune(self, verb: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["./retune", verb], cwd=self.folder, env=self._base, capture_output=True, text=True)

    def _environment(self, who: str) -> dict[str, str]:
        path = os.pathsep.join([str(self._bin(who)), self._base["PATH"]])
        return {**self._base, **self._exported, "PATH": path, "SAGEMAKER_SUPPRESS_V2_WARNING": "1"}

    def _bin(self, who: str) -> Path:
        return CLIENTS[who].install() / "bin" if who in CLIENTS else Path(sys.executable).parent
