"""`clean`: remove what local AWSs left on this machine. The Python environment stays."""

import shutil
import sys

import typer

from cli.console import ExitCode, Leave, say
from cli.paths import ALONE_HOME, HOME, KEPT, STATE
from cli.target import running


def run(yes: bool) -> ExitCode:
    """A second call finds nothing to remove. Not while a local AWS is up."""
    if pid := running.holder():
        raise Leave(ExitCode.FAILED, f"A local AWS is up, as process {pid}: end it with `./retune down` first.")
    there = [path for path in (HOME, ALONE_HOME, KEPT, *sorted(STATE.glob("demo-*"))) if path.exists()]
    if not there:
        say("There is nothing to remove.")
        return ExitCode.DONE
    names = ", ".join(str(path) for path in there)
    if not yes:
        if not sys.stdin.isatty():
            raise Leave(ExitCode.USAGE, f"This removes {names}: say --yes.")
        typer.confirm(f"Remove {names}?", abort=True, err=True)
    for path in there:
        shutil.rmtree(path)
    say(f"Removed {names}.")
    return ExitCode.DONE
