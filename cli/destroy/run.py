"""The verb `destroy`: look, show, ask, delete the stack, and only if that was said twice the data."""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

import typer
from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave, page, say, talk, write_json
from cli.deploy import orphaned_logs
from cli.deploy.apply import waited
from cli.deploy.artifacts import Artifacts
from cli.deploy.confirm import NotAsked, ask, with_region
from cli.deploy.progress import following
from cli.deploy.show.progress import show
from cli.deploy.stack_state import Way
from cli.destroy.data import NotDeleted, delete
from cli.destroy.inventory import Inventory, inventory
from cli.destroy.open_jobs import JobsRun, open_jobs, stop_all
from cli.destroy.show import picture
from cli.paths import ROOT
from cli.signals import interruptible
from cli.target.stack import stack_name
from cli.target.target import Target, resolve


@dataclass(frozen=True)
class DestroyOptions:
    """What was said on the command line."""

    name: str | None
    region: str | None
    local: bool
    aws: bool
    only_plan: bool
    yes: bool
    delete_data: bool
    confirm: str | None
    stop_jobs: bool
    as_json: bool

    @property
    def stack(self) -> str:
        return stack_name(self.name)


def run(options: DestroyOptions) -> ExitCode:
    """0 when what was asked for is gone, also if it was gone before; 3 when interrupted."""
    target = with_region(resolve(options.local, options.aws, region=options.region))
    say(f"Target: {target}, stack {options.stack}", style="dim")
    try:
        with interruptible():
            return _run(options, target)
    except (KeyboardInterrupt, typer.Abort):
        say("\nStopped. `./retune destroy` with the same options goes on from here.")
        return ExitCode.NOT_FINISHED


def _run(options: DestroyOptions, target: Target) -> ExitCode:
    client = target.client
    there = inventory(client, options.stack)
    if options.only_plan:
        _show_only(there, options)
        return ExitCode.DONE
    if not (there.has_stack or (there.data and options.delete_data)):
        _leftovers(target, options.stack)
        return _end(options, there)
    talk().print(picture(there, options.delete_data))
    if not options.stop_jobs:
        _no_job_runs(client("sagemaker"), there)
    _ask(options)
    if there.prefix and options.stop_jobs:
        stop_all(client("sagemaker"), there.prefix)
    if there.has_stack:
        _delete_stack(client("cloudformation"), there)
    _leftovers(target, options.stack)
    if options.delete_data:
        _delete_data(target, inventory(client, options.stack), there)
    return _end(options, inventory(client, options.stack))


def _show_only(there: Inventory, options: DestroyOptions) -> None:
    if options.as_json:
        write_json(as_json(there))
    else:
        page().print(picture(there, options.delete_data))


def as_json(there: Inventory) -> dict[str, Any]:
    """The whole, for a script."""
    return {
        "stack": there.stack,
        "status": there.state.status if there.has_stack else None,
        "is_empty": there.is_empty,
        "removed": [asdict(one) for one in there.removed],
        "data": [asdict(one) for one in there.data],
        "others": list(there.others),
        "foreign_bucket": there.foreign_bucket,
    }


def _no_job_runs(sagemaker: Any, there: Inventory) -> None:
    """Raises: JobsRun."""
    if there.prefix and (jobs := open_jobs(sagemaker, there.prefix)):
        raise JobsRun(jobs)


def _ask(options: DestroyOptions) -> None:
    """Data go only if the stack's name is said. Raises: Leave."""
    if not options.delete_data:
        ask("Delete this stack?", "./retune destroy", options.yes)
        return
    said = options.confirm
    if said is None:
        if not sys.stdin.isatty():
            raise NotAsked(f"./retune destroy --delete-data --confirm {options.stack}")
        said = typer.prompt(f"\nType the stack's name ({options.stack}) to delete it and its data for good", err=True)
    if said != options.stack:
        raise Leave(ExitCode.USAGE, f"{said} is not the stack's name, {options.stack}: nothing was deleted.")


def _delete_stack(cloudformation: Any, there: Inventory) -> None:
    """Also one that is being deleted already, or could not be deleted the last time. Raises: NotDeleted."""
    stack_id = there.state.id
    if there.state.status != "DELETE_IN_PROGRESS":
        if there.state.way is Way.WAIT:
            waited(cloudformation, there.stack, show)
        try:
            cloudformation.delete_stack(StackName=stack_id)
        except ClientError as error:
            raise NotDeleted(_refused(there.stack, error.response["Error"]["Message"])) from error
    progress = show(following(cloudformation, stack_id or there.stack))
    if progress.state.status != "DELETE_COMPLETE":
        why = progress.cause or "CloudFormation does not say why"
        raise NotDeleted(
            f"The stack {there.stack} is {progress.state.status}: {why}\nMend that, then `./retune destroy` again."
        )


def _refused(stack: str, reason: str) -> str:
    fix = f"aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {stack}"
    protected = "termination" in reason.lower()
    return f"CloudFormation does not delete the stack {stack}: {reason}" + (
        f"\nIf you mean it: {fix}" if protected else ""
    )


def _leftovers(target: Target, stack: str) -> None:
    """Remove what outlives the stack without being data."""
    template = json.loads((ROOT / "infra" / "resources.json").read_text(encoding="utf-8"))
    orphaned_logs.remove(target.client, stack, template)
    removed = Artifacts.of(target.client, stack).remove()
    if removed:
        say(f"Removed its {removed} packages and templates.", style="dim")


def _delete_data(target: Target, now: Inventory, before: Inventory) -> None:
    """What is there now; what is told only by its name, by the name that the stack had."""
    account = Artifacts.of(target.client, now.stack).account
    for one in {(one.kind, one.name): one for one in (*before.data, *now.data)}.values():
        with talk().status(f"Deleting {one.kind} {one.name} …") as status:
            delete(target.client, account, before.prefix or now.prefix, one, status.update)
        say(f"Deleted {one.kind} {one.name}")


def _end(options: DestroyOptions, left: Inventory) -> ExitCode:
    if options.as_json:
        write_json(as_json(left))
    if left.is_empty:
        say(f"Nothing is left of the stack {left.stack}.", style="bold")
    else:
        talk().print(picture(left, options.delete_data))
    return ExitCode.DONE
