"""Programs of this folder that run in a process of their own, to be killed."""

import os
import sys
from pathlib import Path

PROGRAMS = Path(__file__).parent
ROOT = PROGRAMS.parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}


def program(name: str, *arguments: str | Path) -> list[str]:
    """The command line that runs one of them; its environment must be `ENVIRONMENT`."""
    return [sys.executable, str(PROGRAMS / name), *map(str, arguments)]
