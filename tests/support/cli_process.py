"""The command line in a process of its own, where no AWS is up."""

import os
import subprocess
import sys
from pathlib import Path

from cli.paths import ROOT


class Cli:
    """`./retune` without its launcher, with a state folder of its own."""

    def __init__(self, state: Path):
        self.state = state

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept_out = ("AWS_", "RETUNE_", "NO_COLOR", "COLUMNS")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
        return subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env={**inherited, "RETUNE_STATE": str(self.state), "COLUMNS": "80", **more},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
