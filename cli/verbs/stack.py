"""The verbs that create and delete the stack: deploy, destroy. As with the others, each imports its implementation
when called."""

from typing import Annotated

import typer

from cli.target.choice import TargetChoice
from cli.verbs.command import add
from cli.verbs.options import AsJson, Aws, Home, Local

Name = Annotated[
    str | None, typer.Option("--name", metavar="STACK", help="Stack name. Default: RETUNE_STACK, else retune.")
]
Region = Annotated[str | None, typer.Option("--region", metavar="REGION", help="AWS region, with --aws.")]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Only show what would change.")]
Yes = Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")]


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    add(app, deploy, destroy)


def deploy(
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the stack. Repeatable.")
    ] = None,
    email: Annotated[
        str | None, typer.Option("--email", metavar="ADDRESS", help="Subscribe this address to notifications.")
    ] = None,
    name: Name = None,
    region: Region = None,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Create or update Retune on AWS, as one CloudFormation stack.

    \b
    First shows which resources and permissions would change and what it can cost,
    then asks. Parameters that you do not set keep their current values. After an
    interruption, the next deploy resumes.

    \b
    ./retune deploy --aws --plan
    ./retune deploy --aws --email me@example.org
    ./retune deploy --aws --set MaxCostUsd=20 --set ExistingBucket=our-data
    ./retune deploy --name second --set Prefix=second   # in the local AWS
    """
    from cli.deploy.run import DeployOptions, run

    words = (*(settings or ()), *((f"NotificationEmail={email}",) if email is not None else ()))
    raise typer.Exit(run(DeployOptions(words, name, TargetChoice(local, aws, region, home), only_plan, yes, as_json)))


def destroy(
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="Also delete bucket, ledger, images, models and logs.")
    ] = False,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="STACK", help="The name again, for --delete-data without a terminal."),
    ] = None,
    stop_jobs: Annotated[bool, typer.Option("--stop-jobs", help="First stop running tuning jobs.")] = False,
    name: Name = None,
    region: Region = None,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Delete the stack, but keep its bucket, ledger, images and models.

    \b
    First shows what would be deleted and what would stay, then asks. The next
    deploy reuses what stays. Refuses while tuning jobs are running.

    \b
    ./retune destroy --aws --plan
    ./retune destroy --aws
    ./retune destroy --aws --delete-data        # asks for the stack's name
    """
    from cli.destroy.run import DestroyOptions, run

    options = DestroyOptions(
        name, TargetChoice(local, aws, region, home), only_plan, yes, delete_data, confirm, stop_jobs, as_json
    )
    raise typer.Exit(run(options))
