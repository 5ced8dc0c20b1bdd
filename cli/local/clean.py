"""`clean`: remove the state of local AWSs from this machine. The Python environment stays."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from cli.console import ExitCode, Leave, say
from cli.paths import ALONE_HOME, HOME, KEPT, STATE
from cli.target import running

_DATABASE, _LOCK = "state.sqlite", "lock"


def run(yes: bool, home: Path | None = None) -> ExitCode:
    """Remove this home, by default all of the state folder's, unless a local AWS that is up has it. A second call finds
    nothing to remove."""
    there = _default() if home is None else _only(home)
    _check_down(there)
    if not there:
        say("There is nothing to remove.")
        return ExitCode.DONE
    names = ", ".join(str(path) for path in there)
    if not yes:
        if not sys.stdin.isatty():
            raise Leave(ExitCode.USAGE, f"This would remove {names}: pass `--yes`.")
        typer.confirm(f"Remove {names}?", abort=True, err=True)
    for path in there:
        shutil.rmtree(path)
    say(f"Removed {names}.")
    return ExitCode.DONE


def _default() -> list[Path]:
    return [path for path in (HOME, ALONE_HOME, KEPT, *sorted(STATE.glob("demo-*"))) if path.exists()]


def _only(home: Path) -> list[Path]:
    """Raises: Leave: the folder has something else in it than the state of a local AWS."""
    home = home.expanduser().resolve()
    if not home.exists():
        return []
    if not (home / _DATABASE).exists():
        raise Leave(ExitCode.USAGE, f"{home} is not the home of a local AWS: it has no {_DATABASE}.")
    return [home]


def _check_down(there: Sequence[Path]) -> None:
    """Also a home that another clone's local AWS uses is locked."""
    for path in there:
        if running.is_locked(path / _LOCK):
            fix = f"stop it with `./retune down --home {shlex.quote(str(path))}` first"
            raise Leave(ExitCode.FAILED, f"A local AWS is up with the home {path}: {fix}.")
