"""The command line's frame: the verbs, the options of all of them, and the outermost edge, where what a
person can put right becomes a sentence and an exit code instead of a traceback."""

import os
import sys
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from chalicelib.errors import Refused, RetuneError
from cli.console import EXIT_CODES, ExitCode, Leave, say
from cli.verbs import data, image, local, machine, stack

app = typer.Typer(
    name="retune",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=EXIT_CODES,
)
for verbs in (local, machine, data, image, stack):
    verbs.add_to(app)


@app.callback()
def retune(
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text; as does NO_COLOR=1.")] = False,
) -> None:
    """Drop a CSV into a bucket; get a tuned model, a record of why it is the best, and a message that says so."""
    if no_color:
        os.environ["NO_COLOR"] = "1"


def main() -> None:
    """Run one verb and exit with its code."""
    os.environ.pop("PYTHONPATH", None)  # the launcher's; a child process must not inherit it
    if "--no-color" in sys.argv:
        os.environ["NO_COLOR"] = "1"  # for the help page too, which is printed before the callback runs
    try:
        app(prog_name="retune")
    except Refused as refused:
        for problem in refused.problems:
            say(str(problem), style="red")
        sys.exit(ExitCode.FAILED)
    except Leave as left:
        say(str(left), style="red")
        sys.exit(left.code)
    except (RetuneError, BotoCoreError, ClientError, ResponseParserError) as error:
        say(str(error), style="red")
        sys.exit(ExitCode.FAILED)
