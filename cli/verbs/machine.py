"""The verbs for checks and prices: doctor, prices, test.

Each only reads its options and imports its implementation when called, so that `--help` is fast.
"""

from typing import Annotated

import typer

from cli.console import EXIT_CODES, ExitCode
from cli.verbs.options import AsJson, Aws, Local


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    for verb in (doctor, prices):
        app.command(epilog=EXIT_CODES)(verb)
    passing_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(epilog=EXIT_CODES, context_settings=passing_on)(test)


def doctor(as_json: AsJson = False, local: Local = False, aws: Aws = False) -> None:
    """Check this machine, the account and the stack, and suggest fixes.

    \b
    ./retune doctor
    ./retune doctor --aws                    # even before the first deploy
    ./retune doctor --json | jq '.[] | select(.ok == false)'
    """
    from cli.doctor import run

    raise typer.Exit(run(as_json, local, aws))


def prices(
    refresh: Annotated[bool, typer.Option("--refresh", help="Update the table from AWS's price list.")] = False,
    region: Annotated[
        list[str] | None, typer.Option("--region", metavar="NAME", help="Repeatable. Default: the target's.")
    ] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Show the price of an hour of training, or refresh it from AWS.

    \b
    ./retune prices
    ./retune prices --region us-east-1 --region eu-west-1
    ./retune prices --refresh --region eu-west-1 --aws
    """
    from cli.machine.prices import run

    raise typer.Exit(run(region or [], refresh, as_json, local, aws))


def test(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Include the heavy suites.")] = False,
) -> None:
    """Run every check: format, lint, types, imports, then pytest.

    \b
    Further arguments go to pytest. Naming test files skips the linters.

    \b
    ./retune test
    ./retune test --all
    ./retune test tests/unit -k spec
    """
    from cli.machine.checks import run

    raise typer.Exit(run(everything, context.args) or ExitCode.DONE)
