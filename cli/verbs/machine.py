"""The verbs about this machine and its checkout: doctor, prices, lint, test, completion.

Each only reads its options and imports its implementation when called, so that `--help` is fast.
"""

from enum import StrEnum
from typing import Annotated

import typer

from cli.console import ExitCode
from cli.target.choice import TargetChoice
from cli.verbs.command import add
from cli.verbs.options import AsJson, Aws, Home, Local


class Shell(StrEnum):
    """A shell with completion for Retune."""

    BASH = "bash"
    ZSH = "zsh"


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    add(app, doctor, prices, lint)
    add(app, test, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
    add(app, completion)


def doctor(as_json: AsJson = False, local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """Check this machine, the account and the stack, and suggest fixes.

    \b
    ./retune doctor
    ./retune doctor --aws                    # even before the first deploy
    ./retune doctor --json | jq '.[] | select(.ok == false)'
    """
    from cli.doctor import run

    raise typer.Exit(run(as_json, TargetChoice(local, aws, home=home)))


def prices(
    refresh: Annotated[bool, typer.Option("--refresh", help="Update the table from AWS's price list.")] = False,
    region: Annotated[
        list[str] | None, typer.Option("--region", metavar="NAME", help="Repeatable. Default: the target's.")
    ] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Show the price of an hour of training, or refresh it from AWS.

    \b
    ./retune prices
    ./retune prices --region us-east-1 --region eu-west-1
    ./retune prices --refresh --region eu-west-1 --aws
    """
    from cli.machine.prices import run

    raise typer.Exit(run(region or [], refresh, as_json, TargetChoice(local, aws, home=home)))


def lint(
    fix: Annotated[bool, typer.Option("--fix", help="First apply ruff's fixes and format.")] = False,
) -> None:
    """Run all linters; with --fix, apply ruff's fixes first.

    \b
    They are ruff, mypy, import-linter, shellcheck, hadolint and lintr. Each one
    that fails shows its output.

    \b
    ./retune lint
    ./retune lint --fix
    """
    from cli.machine.checks import lint as run

    raise typer.Exit(run(fix))


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
    from cli.machine.checks import test as run

    raise typer.Exit(run(everything, context.args) or ExitCode.DONE)


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash or zsh.")],
) -> None:
    """Print a script that completes verbs and options in your shell.

    \b
    eval "$(./retune completion bash)"       # in ~/.bashrc with its full path
    eval "$(./retune completion zsh)"        # in ~/.zshrc, after compinit
    """
    from cli.machine.completion import script

    typer.echo(script(shell.value))
