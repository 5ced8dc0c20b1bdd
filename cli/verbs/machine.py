"""The verbs that look whether all is well: doctor, prices, test.

Each only reads its options; what it does is imported when it is called, so that `--help` answers at once.
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
    """Check this machine, the account and the stack; say how to mend them.

    \b
    ./retune doctor
    ./retune doctor --aws                    # also before the first deploy
    ./retune doctor --json | jq '.[] | select(.ok == false)'
    """
    from cli.doctor import run

    raise typer.Exit(run(as_json, local, aws))


def prices(
    refresh: Annotated[bool, typer.Option("--refresh", help="From AWS's price list, into the source.")] = False,
    region: Annotated[
        list[str] | None, typer.Option("--region", metavar="NAME", help="Repeatable; default: the target's.")
    ] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Show what an hour of training costs, or ask AWS anew.

    \b
    ./retune prices
    ./retune prices --region us-east-1 --region eu-west-1
    ./retune prices --refresh --region eu-west-1 --aws
    """
    from cli.machine.prices import run

    raise typer.Exit(run(region or [], refresh, as_json, local, aws))


def test(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="The heavy suites too.")] = False,
) -> None:
    """Run every check: format, lint, types, imports, then pytest.

    \b
    Further arguments go to pytest. Naming test files leaves the linters out.

    \b
    ./retune test
    ./retune test --all
    ./retune test tests/unit -k spec
    """
    from cli.machine.checks import run

    raise typer.Exit(run(everything, context.args) or ExitCode.DONE)
