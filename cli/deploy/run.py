"""The verb `deploy`: say where, show what would change, ask, then let CloudFormation be seen at work."""

import json
from dataclasses import dataclass
from typing import Any

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
from cli.deploy.show.plan import picture
from cli.deploy.show.progress import show
from cli.deploy.stack_state import Way, state_of
from cli.paths import ROOT
from cli.signals import deaf, interruptible
from cli.target.stack import DEFAULT_NAME, stack_name
from cli.target.target import Target, resolve


@dataclass(frozen=True)
class DeployOptions:
    """What was said on the command line. `words` are NAME=VALUE."""

    words: tuple[str, ...]
    name: str | None
    region: str | None
    local: bool
    aws: bool
    only_plan: bool
    yes: bool
    as_json: bool

    @property
    def stack(self) -> str:
        return stack_name(self.name)


def run(options: DeployOptions) -> ExitCode:
    """0 when the stack is as it should be, 3 when interrupted. Raises: Leave: all that a person can put right."""
    pythons.must_be_tested()
    declared = json.loads((ROOT / bundle.INPUTS[-1]).read_text(encoding="utf-8"))["Parameters"]
    given = said(options.words, declared)
    target = with_region(resolve(options.local, options.aws, region=options.region))
    say(f"Target: {target}, stack {options.stack}", style="dim")
    try:
        with interruptible():
            return _run(options, target, given)
    except (KeyboardInterrupt, typer.Abort):
        with deaf():
            return _interrupted(target, options.stack)


def _run(options: DeployOptions, target: Target, given: dict[str, str]) -> ExitCode:
    app = _packaged(target, options.stack, given)
    if not options.only_plan:
        waited(target.client("cloudformation"), options.stack, show)
    wanted = prepared(target.client, options.stack, app, given)
    planned = plan(target.client, options.stack, wanted)
    if options.only_plan:
        if options.as_json:
            write_json(planned.as_json())
        else:
            page().print(picture(planned, whole=True))
        return ExitCode.DONE
    talk().print(picture(planned, whole=False))
    if planned.is_empty:
        return _end(options, target, dict(wanted.state.outputs))
    ask("Deploy this?", "./retune deploy", options.yes)
    return _end(options, target, make(target.client, options.stack, wanted, show))


def _packaged(target: Target, stack: str, given: dict[str, str]) -> PackagedApp:
    with talk().status("Packaging the app …"):
        return source(target.client, stack, given)


def _end(options: DeployOptions, target: Target, outputs: dict[str, str]) -> ExitCode:
    if options.as_json:
        write_json({"stack": options.stack, "outputs": outputs})
    else:
        talk().print(_outputs(outputs))
    for line in next_steps(target, options, outputs):
        say(line, style="bold", wrap=False)
    return ExitCode.DONE


def _outputs(outputs: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in sorted(outputs.items()):
        table.add_row(f"  {name}", value)
    return table


def next_steps(target: Target, options: DeployOptions, outputs: dict[str, str]) -> list[str]:
    """The one command to try now; before it the image, while there is none."""
    to = " --aws" if options.aws else " --local" if options.local else ""
    stack = "" if options.stack == DEFAULT_NAME else f"RETUNE_STACK={options.stack} "
    tried = f"{stack}./retune submit iris examples/iris.csv --target Sepal.Length --wait{to}"
    if Images(target.client("ecr"), outputs["ImageRepository"]).current() is None:
        return [f"\nFirst its training image: {stack}./retune image push{to}", f"Then try it: {tried}"]
    return [f"\nTry it: {tried}"]


def _interrupted(target: Target, stack: str) -> ExitCode:
    """Whatever was sent goes on without us; the next call finds it."""
    state: Any = state_of(target.client("cloudformation"), stack)
    if state.way is Way.WAIT:
        say(f"\nYou may go: CloudFormation goes on with the stack {stack} ({state.status}).")
        say("`./retune deploy` waits for it and goes on; `./retune deploy --plan` only looks.")
    else:
        say(f"\nStopped. Nothing is in progress on the stack {stack}; `./retune deploy` goes on from here.")
    return ExitCode.NOT_FINISHED
