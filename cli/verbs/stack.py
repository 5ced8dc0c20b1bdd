"""The verbs that make and remove the stack: deploy, destroy. As with the others, what they do is imported when they
are called."""

from typing import Annotated

import typer

from cli.console import EXIT_CODES
from cli.verbs.options import AsJson, Aws, Local

Name = Annotated[
    str | None, typer.Option("--name", metavar="STACK", help="The stack; default: RETUNE_STACK, else retune.")
]
Region = Annotated[str | None, typer.Option("--region", metavar="REGION", help="With --aws: where.")]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Only show what would change.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    for verb in (deploy, destroy):
        app.command(epilog=EXIT_CODES)(verb)


def deploy(
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the stack. Repeatable.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="Who is told of results.")] = None,
    name: Name = None,
    region: Region = None,
    local: Local = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Put Retune on AWS as one CloudFormation stack, or bring it up to date.

    \b
    Shows first what would change, who may then do what, and what it can cost;
    then asks. Parameters that are not said keep the values that the stack has.
    Interrupted, it goes on from there the next time.

    \b
    ./retune deploy --aws --plan
    ./retune deploy --aws --email me@example.org
    ./retune deploy --aws --set MaxCostUsd=20 --set ExistingBucket=our-data
    ./retune deploy --name second --set Prefix=second   # in the local AWS
    """
    from cli.deploy.run import DeployOptions, run

    words = (*(settings or ()), *((f"NotificationEmail={email}",) if email is not None else ()))
    raise typer.Exit(run(DeployOptions(words, name, region, local, aws, only_plan, yes, as_json)))


def destroy(
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="The bucket, ledger, images, models and logs too.")
    ] = False,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="Its name, for --delete-data without a terminal.")
    ] = None,
    stop_jobs: Annotated[bool, typer.Option("--stop-jobs", help="Stop the tuning jobs that run first.")] = False,
    name: Name = None,
    region: Region = None,
    local: Local = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Remove the stack; its bucket, ledger, images and models stay.

    \b
    Shows first what would go and what would stay, then asks. What stays is found
    again by the next deploy. Refuses while tuning jobs run.

    \b
    ./retune destroy --aws --plan
    ./retune destroy --aws
    ./retune destroy --aws --delete-data        # asks for the stack's name
    """
    from cli.destroy.run import DestroyOptions, run

    options = DestroyOptions(name, region, local, aws, only_plan, yes, delete_data, confirm, stop_jobs, as_json)
    raise typer.Exit(run(options))
