"""The fenced blocks of a page, each with the words behind its fence, and how each is run."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
    """Somebody who types every block of a page in one folder, and ends `local-sagemaker up` before the next one."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._base = surroundings(folder / "home")
        self._exported: dict[str, str] = {}
        self._up: subprocess.Popen[str] | None = None

    def does(self, block: Block) -> str:
        """Run it; what it said. What a block shows is not run: it is output of `up`, as JSON that of `up --json`."""
        if block.language == "console":
            return (self.folder / "said.txt").read_text()
        if block.language == "json":
            return self._line("local-sagemaker up --json --home in-json")
        if (block.language, block.who) == ("sh", "up"):
            self.leave()
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
        """A command that stays: until it is up and has said how to reach it."""
        said = self.folder / "said.txt"
        self._up = self._popen(command, said.open("w"))
        until = time.monotonic() + 120
        while "Up until Ctrl-C" not in said.read_text():
            assert self._up.poll() is None and time.monotonic() < until, said.read_text()
            time.sleep(0.1)
        self._exported = dict(re.findall(r"^  export (\w+)='?(.*?)'?$", said.read_text(), re.MULTILINE))
        return said.read_text()

    def _line(self, command: str) -> str:
        """The first line of a command that stays, which is then ended."""
        process = self._popen(command, subprocess.PIPE)
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
        process.communicate(timeout=60)
        return line

    def _popen(self, command: str, stdout: IO[str] | int) -> subprocess.Popen[str]:
        words = ["bash", "-euc", f"exec {command}"]
        return subprocess.Popen(words, cwd=self.folder, env=self._environment(""), stdout=stdout, text=True)

    def _environment(self, who: str) -> dict[str, str]:
        path = os.pathsep.join([str(self._bin(who)), self._base["PATH"]])
        return {**self._base, **self._exported, "PATH": path, "SAGEMAKER_SUPPRESS_V2_WARNING": "1"}

    def _bin(self, who: str) -> Path:
        return CLIENTS[who].install() / "bin" if who in CLIENTS else Path(sys.executable).parent
