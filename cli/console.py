"""Results go to stdout; progress and messages go to stderr.

The consoles are created at each use, so that `NO_COLOR`, `--no-color` and a test's own streams take effect.
"""

import json
import sys
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from rich.console import Console


class ExitCode(IntEnum):
    """The exit codes that scripts can rely on."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FINISHED = 3
    NOT_FOUND = 4


class Leave(Exception):
    """End the verb with an exit code and a message that the user can act on."""

    def __init__(self, code: ExitCode, text: str):
        super().__init__(text)
        self.code = code


EXIT_CODES = "Exit codes: 0 done · 1 failed · 2 usage · 3 not finished · 4 not found"


def talk() -> Console:
    """Return the console for progress and messages: stderr."""
    return Console(stderr=True, highlight=False)


def page() -> Console:
    """Return the console for a read verb's result: stdout."""
    return Console(highlight=False)


def say(text: str, style: str | None = None, *, wrap: bool = True) -> None:
    """Print a line or paragraph to stderr, wrapped at words on a terminal; `wrap=False` keeps text copyable."""
    talk().print(text, style=style, markup=False, soft_wrap=not (wrap and sys.stderr.isatty()))


def write_json(value: Any, *, one_line: bool = False) -> None:
    """Write `value` as JSON to stdout, and nothing else."""
    text = json.dumps(value, ensure_ascii=False, indent=None if one_line else 2)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def moment(epoch_s: float | None) -> str:
    """Format a time as local time to the second; a dash for None."""
    if epoch_s is None:
        return "–"
    return datetime.fromtimestamp(float(epoch_s), UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
