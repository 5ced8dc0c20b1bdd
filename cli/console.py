"""Talk goes to stderr, data to stdout: a script reads the second and a person both.

The consoles are made at each use, so that `NO_COLOR`, `--no-color` and a test's own streams are honoured.
"""

import json
import sys
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from rich.console import Console


class ExitCode(IntEnum):
    """What a script learns from `$?`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FINISHED = 3
    NOT_FOUND = 4


class Leave(Exception):
    """A verb ends here, for a reason that a person can act on."""

    def __init__(self, code: ExitCode, text: str):
        super().__init__(text)
        self.code = code


EXIT_CODES = "Exit codes: 0 done · 1 failed · 2 usage · 3 not finished · 4 not found"


def talk() -> Console:
    """The console for people: stderr."""
    return Console(stderr=True, highlight=False)


def page() -> Console:
    """The console for what a read verb shows to a person: stdout."""
    return Console(highlight=False)


def say(text: str, style: str | None = None, *, wrap: bool = True) -> None:
    """One line or paragraph for a person; on a terminal wrapped between words, unless it is for copying."""
    talk().print(text, style=style, markup=False, soft_wrap=not (wrap and sys.stderr.isatty()))


def write_json(value: Any, *, one_line: bool = False) -> None:
    """`value` as JSON on stdout, and nothing else."""
    text = json.dumps(value, ensure_ascii=False, indent=None if one_line else 2)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def moment(epoch_s: float | None) -> str:
    """Local time to the second, for a person."""
    if epoch_s is None:
        return "–"
    return datetime.fromtimestamp(float(epoch_s), UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
