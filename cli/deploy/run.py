"""The verb `deploy`: name the target, show what would change, ask, then show CloudFormation's progress."""

import json
from dataclasses import dataclass

import typer
from rich.table import Table

from chalicelib.aws.images import Images
from cli.console import ExitCode, page, say, talk, write_json
from cli.deploy import bundle, pythons
from cli.deploy.apply import waited
from cli.deploy.confirm import ask, with_region
from cli.deploy.deployment import make
from cli.deploy.inputs import PackagedApp, prepared, source
from cli.deploy.parameters import said
from cli.deploy.plan import plan
from cli.deploy.plan_table import picture
from cli.deploy.progress_table import show
from cli.deploy.stack_state import WatchedStack, Way
from cli.paths import ROOT
from cli.signals import deaf, interruptible
from cli.target.choice import TargetChoice
from cli.target.stack import DEFAULT_NAME, stack_name
from cli.target.target import resolve


@dataclass(frozen=True)
class DeployOptions:
    """The command line's options. `words` are NAME=VALUE."""

    words: tuple[str, ...]
    name: str | None
    choice: TargetChoice
    only_plan: bool
    yes: bool
    as_json: bool

    @property
    def stack(self) -> str:
        return stack_name(self.name)


def run(options: DeployOptions) -> ExitCode:
    """0 when the stack is up to date, 3 when interrupted. Raises: Leave: anything that the user can fix."""
    pythons.must_be_tested()
    declared = json.loads((ROOT / bundle.INPUTS[-1]).read_text(encoding="utf-8"))["Parameters"]
    given = said(options.words, declared)
    target = with_region(resolve(options.choice))
    say(f"Target: {target}, stack {options.stack}", style="dim")
    stack = WatchedStack(target.client, options.stack)
    try:
        with interruptible():
            return _run(options, stack, given)
    except (KeyboardInterrupt, typer.Abort):
        with deaf():
            return _interrupted(stack)


def _run(options: DeployOptions, stack: WatchedStack, given: dict[str, str]) -> ExitCode:
    app = _packaged(stack, given)
    if not options.only_plan:
        waited(stack, show)
    wanted = prepared(stack, app, given)
    planned = plan(stack, wanted)
    if options.only_plan:
        if options.as_json:
            write_json(planned.as_json())
        else:
            page().print(picture(planned, whole=True))
        return ExitCode.DONE
    talk().print(picture(planned, whole=False))
    if planned.is_empty:
        return _end(options, stack, dict(wanted.state.outputs))
    ask("Deploy this?", "./retune deploy", options.yes)
    return _end(options, stack, make(stack, wanted, show))


def _packaged(stack: WatchedStack, given: dict[str, str]) -> PackagedApp:
    with talk().status("Packaging the app …"):
        return source(stack, given)


def _end(options: DeployOptions, stack: WatchedStack, outputs: dict[str, str]) -> ExitCode:
    if options.as_json:
        write_json({"stack": options.stack, "outputs": outputs})
    else:
        talk().print(_outputs(outputs))
    for line in next_steps(stack, options, outputs):
        say(line, style="bold", wrap=False)
    return ExitCode.DONE


def _outputs(outputs: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in sorted(outputs.items()):
        table.add_row(f"  {name}", value)
    return table


def next_steps(stack: WatchedStack, options: DeployOptions, outputs: dict[str, str]) -> list[str]:
    """List the command to try next, after the one that pushes an image if there is none."""
    to = options.choice.option
    named = "" if stack.name == DEFAULT_NAME else f"RETUNE_STACK={stack.name} "
    tried = f"{named}./retune submit iris examples/iris.csv --target Sepal.Length --wait{to}"
    if Images(stack.client("ecr"), outputs["ImageRepository"]).current() is None:
        return [f"\nFirst push its training image: {named}./retune image push{to}", f"Then try it: {tried}"]
    return [f"\nTry it: {tried}"]


def _interrupted(stack: WatchedStack) -> ExitCode:
    """Explain that CloudFormation continues by itself; the next call picks it up."""
    state = stack.reload()
    if state.way is Way.WAIT:
        say(f"\nCloudFormation continues without you: the stack {stack.name} is {state.status}.")
        say("`./retune deploy` waits for it and resumes; `./retune deploy --plan` only shows it.")
    else:
        say(f"\nStopped. Nothing is in progress on the stack {stack.name}; `./retune deploy` resumes from here.")
    return ExitCode.NOT_FINISHED
