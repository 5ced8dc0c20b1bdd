"""The verb `destroy`: find, show, ask, then delete the stack, and its data only after a second confirmation."""

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
from cli.deploy.progress_table import show
from cli.deploy.stack_state import WatchedStack, Way
from cli.destroy.data import NotDeleted, delete
from cli.destroy.inventory import Inventory, inventory
from cli.destroy.open_jobs import JobsRun, open_jobs, stop_all
from cli.destroy.show import picture
from cli.paths import ROOT
from cli.signals import interruptible
from cli.target.choice import TargetChoice
from cli.target.stack import stack_name
from cli.target.target import resolve


@dataclass(frozen=True)
class DestroyOptions:
    """The command line's options."""

    name: str | None
    choice: TargetChoice
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
    """0 when what was requested is gone, even if it was gone before; 3 when interrupted."""
    target = with_region(resolve(options.choice))
    say(f"Target: {target}, stack {options.stack}", style="dim")
    try:
        with interruptible():
            return _run(options, WatchedStack(target.client, options.stack))
    except (KeyboardInterrupt, typer.Abort):
        say("\nStopped. `./retune destroy` with the same options resumes from here.")
        return ExitCode.NOT_FINISHED


def _run(options: DestroyOptions, stack: WatchedStack) -> ExitCode:
    there = inventory(stack)
    if options.only_plan:
        _show_only(there, options)
        return ExitCode.DONE
    if not (there.has_stack or (there.data and options.delete_data)):
        _leftovers(stack)
        return _end(options, there)
    talk().print(picture(there, options.delete_data))
    if not options.stop_jobs:
        _no_job_runs(stack.client("sagemaker"), there)
    _ask(options)
    if there.prefix and options.stop_jobs:
        stop_all(stack.client("sagemaker"), there.prefix)
    if there.has_stack:
        _delete_stack(stack)
    _leftovers(stack)
    if options.delete_data:
        _delete_data(stack, inventory(stack), there)
    return _end(options, inventory(stack))


def _show_only(there: Inventory, options: DestroyOptions) -> None:
    if options.as_json:
        write_json(as_json(there))
    else:
        page().print(picture(there, options.delete_data))


def as_json(there: Inventory) -> dict[str, Any]:
    """The whole inventory, for scripts."""
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
    """Ask for confirmation; deleting data requires the stack's name. Raises: Leave."""
    if not options.delete_data:
        ask("Delete this stack?", "./retune destroy", options.yes)
        return
    name = options.confirm
    if name is None:
        if not sys.stdin.isatty():
            raise NotAsked(f"./retune destroy --delete-data --confirm {options.stack}")
        name = typer.prompt(f"\nType the stack's name ({options.stack}) to delete it and its data for good", err=True)
    if name != options.stack:
        raise Leave(ExitCode.USAGE, f"{name} is not the stack's name, {options.stack}: nothing was deleted.")


def _delete_stack(stack: WatchedStack) -> None:
    """Delete the stack, even if a deletion is in progress or has failed before. Raises: NotDeleted."""
    stack_id = stack.state.id
    if stack.state.status != "DELETE_IN_PROGRESS":
        if stack.state.way is Way.WAIT:
            waited(stack, show)
        try:
            stack.cloudformation.delete_stack(StackName=stack_id)
        except ClientError as error:
            raise NotDeleted(_refused(stack.name, error.response["Error"]["Message"])) from error
    progress = show(following(stack.cloudformation, stack_id or stack.name))
    if progress.state.status != "DELETE_COMPLETE":
        why = progress.cause or "CloudFormation gives no reason"
        raise NotDeleted(
            f"The stack {stack.name} is {progress.state.status}: {why}\nFix that, then run `./retune destroy` again."
        )


def _refused(stack: str, reason: str) -> str:
    fix = f"aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {stack}"
    protected = "termination" in reason.lower()
    return f"CloudFormation refused to delete the stack {stack}: {reason}" + (
        f"\nTo delete it anyway, first run: {fix}" if protected else ""
    )


def _leftovers(stack: WatchedStack) -> None:
    """Remove what outlives the stack without being data."""
    template = json.loads((ROOT / "infra" / "resources.json").read_text(encoding="utf-8"))
    orphaned_logs.remove(stack.client, stack.name, template)
    removed = Artifacts.of(stack.client, stack.name).remove()
    if removed:
        say(f"Removed its {removed} packages and templates.", style="dim")


def _delete_data(stack: WatchedStack, now: Inventory, before: Inventory) -> None:
    """Delete what is there now, and what is found only by the prefix that the stack had."""
    account = Artifacts.of(stack.client, stack.name).account
    for one in {(one.kind, one.name): one for one in (*before.data, *now.data)}.values():
        with talk().status(f"Deleting {one.kind} {one.name} …") as status:
            delete(stack.client, account, before.prefix or now.prefix, one, status.update)
        say(f"Deleted {one.kind} {one.name}")


def _end(options: DestroyOptions, left: Inventory) -> ExitCode:
    if options.as_json:
        write_json(as_json(left))
    if left.is_empty:
        say(f"Nothing is left of the stack {left.stack}.", style="bold")
    else:
        talk().print(picture(left, options.delete_data))
    return ExitCode.DONE
