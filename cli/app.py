"""The command-line application: the verbs, their shared options, and the outermost edge, where an error that the user
can fix becomes a sentence and an exit code instead of a traceback."""

import os
import sys
import tomllib
from typing import Annotated

import typer

from chalicelib.errors import Refused, RetuneError
from cli.console import ExitCode, Leave, say
from cli.machine.completion import prepare
from cli.paths import ROOT
from cli.verbs import data, image, local, machine, stack
from cli.verbs.command import group

app = group(name="retune", add_completion=False, pretty_exceptions_enable=False)
for verbs in (local, machine, data, image, stack):
    verbs.add_to(app)


def show_version(asked: bool) -> None:
    """Print the version in pyproject.toml and exit; it needs no installed package."""
    if asked:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        typer.echo(f"{project['name']} {project['version']}")
        raise typer.Exit


@app.callback()
def retune(
    no_color: Annotated[bool, typer.Option("--no-color", help="Print plain text, as with NO_COLOR=1.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Drop a CSV into a bucket; get a tuned model, a record of why it is the best, and a message that says so."""
    if no_color:
        os.environ["NO_COLOR"] = "1"


def main() -> None:
    """Run one verb and exit with its code."""
    os.environ.pop("PYTHONPATH", None)  # set by the launcher; a child process must not inherit it
    if "--no-color" in sys.argv:
        os.environ["NO_COLOR"] = "1"  # for the help page too, which is printed before the callback runs
    prepare()
    try:
        app(prog_name="retune")
    except Refused as refused:
        for problem in refused.problems:
            say(str(problem), style="red")
        sys.exit(ExitCode.FAILED)
    except Leave as left:
        say(str(left), style="red")
        sys.exit(left.code)
    except _sentences() as error:
        say(str(error), style="red")
        sys.exit(ExitCode.FAILED)


def _sentences() -> tuple[type[Exception], ...]:
    """Return the errors that are shown as their text; botocore's only if loaded, so that help pages stay fast."""
    if "botocore" not in sys.modules:
        return (RetuneError,)
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return RetuneError, BotoCoreError, ClientError, ResponseParserError
