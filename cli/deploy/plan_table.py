"""A plan, rendered for 80 columns."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.deploy.bill_table import bill_table
from cli.deploy.changes import Change, Difference, Replaced
from cli.deploy.permissions import Statement, words
from cli.deploy.plan import Plan
from cli.deploy.progress_table import short_type
from cli.deploy.stack_state import Way

SIGNS = {"added": Text("+", style="green"), "changed": Text("~", style="yellow"), "removed": Text("−", style="red")}
_LONGEST = 60
_MANY = 20
"""More added resources than this are counted by type, unless all are requested."""


def picture(plan: Plan, *, whole: bool) -> RenderableType:
    """Render all changes and the bill; `whole` also names each resource and statement of a new stack."""
    if plan.is_empty and not whole:
        return Group(*_headline(plan))
    parts = [*_headline(plan), *_parameters(plan, whole), *_resources(plan, whole), *_permissions(plan, whole)]
    return Group(*parts, *_bucket(plan), *_orphaned_logs(plan), *_section("What it can cost", bill_table(plan.bill)))


def _headline(plan: Plan) -> Iterator[RenderableType]:
    state = plan.wanted.state
    if plan.is_empty:
        yield Text(f"The stack {plan.stack} is up to date ({state.status}): there is nothing to do.", style="bold")
        return
    if state.words:
        yield Text(f"The stack {plan.stack} is {state.status}. {state.words}", style="yellow")
    if state.way is Way.WAIT:
        yield Text(f"The stack {plan.stack} is {state.status}: `deploy` would wait for its end.", style="yellow")
    count = Counter(change.what for change in plan.changes)
    numbers = ", ".join(f"{count[what]} {what}" for what in ("added", "changed", "removed") if count[what])
    verb = "would be created" if plan.wanted.state.is_new else "would be updated"
    summary = numbers or "no resource changes, only descriptions, limits or outputs"
    yield Text(f"The stack {plan.stack} {verb}: {summary}.", style="bold")


def _parameters(plan: Plan, whole: bool) -> Iterator[RenderableType]:
    found, declared = plan.wanted.found, plan.wanted.source.template.get("Parameters", {})
    table = _grid()
    usual = [
        one
        for one in plan.parameters
        if one.before is None and one.after == str(declared.get(one.name, {}).get("Default"))
    ]
    for change in plan.parameters:
        shown = value(change.after)
        if change.before is not None:
            shown = f"{value(change.before)} → {shown}"
        if whole or change not in usual:
            note = " (kept, found by its tag)" if change.name in found else ""
            table.add_row(SIGNS["added" if change.before is None else "changed"], change.name, Text(shown + note))
    if usual and not whole:
        table.add_row("", Text(f"and {len(usual)} at their defaults", style="dim"), "")
    if plan.parameters:
        yield from _section("Parameters", table)


def _resources(plan: Plan, whole: bool) -> Iterator[RenderableType]:
    table = _grid(columns=2)
    added = [change for change in plan.changes if change.what == "added"]
    counted = added if len(added) > _MANY and not whole else []
    for alike in _alike([change for change in plan.changes if change not in counted]):
        table.add_row(SIGNS[alike[0].what], _about(alike))
    for kind, number in sorted(Counter(short_type(change.type) for change in counted).items()):
        table.add_row(SIGNS["added"], f"{number} × {kind}")
    if plan.changes:
        yield from _section("Resources", table)


def _alike(several: list[Change]) -> list[list[Change]]:
    """Group resources with the same change, at the position of the first one."""
    groups: dict[str, list[Change]] = {}
    for change in several:
        what_happens = repr(replace(change, name="" if change.differences else change.name))
        groups.setdefault(what_happens, []).append(change)
    return list(groups.values())


def _about(alike: list[Change]) -> Text:
    change = alike[0]
    text = Text(", ".join(one.name for one in alike), style="bold")
    text.append(f"  {short_type(change.type)}", style="dim not bold")
    if change.replaced is not Replaced.NO:
        replaced = "replaced by a new one" if change.replaced is Replaced.YES else "perhaps replaced"
        text.append(f"  {replaced}", style="red")
    if change.is_kept:
        old = "it" if change.what == "removed" else "the old one"
        text.append(f"\n  {old} stays in the account, but leaves the stack", style="yellow not bold")
    if change.because_of:
        text.append(f"\n  because of {', '.join(change.because_of)}", style="not bold")
    for one in change.differences:
        what = f"{value(one.before)} → {value(one.after)}" if not is_policy(one) else "see Permissions below"
        text.append(f"\n  {one.path}: {what}", style="not bold")
    return text


def is_policy(one: Difference) -> bool:
    """Whether it changes permissions, which are shown statement by statement."""
    return '"Statement"' in json.dumps([one.before, one.after])


def _permissions(plan: Plan, whole: bool) -> Iterator[RenderableType]:
    added, removed = plan.permissions.added, plan.permissions.removed
    if plan.wanted.state.is_new and not whole:
        owners = len({one.owner for one in added})
        count = f"{len(added)} statements in {owners} policies; `./retune deploy --plan` shows each."
        yield from _section("Permissions", Text(count))
    elif added or removed:
        signed = sorted([("removed", one) for one in removed] + [("added", one) for one in added], key=_by_owner)
        groups = groupby(signed, key=lambda pair: pair[1].owner)
        yield from _section("Permissions", *(part for owner, pairs in groups for part in _of_owner(owner, list(pairs))))


def _of_owner(owner: str, pairs: list[tuple[str, Statement]]) -> Iterator[RenderableType]:
    yield Text(owner, style="bold")
    table = _grid(columns=2)
    for what, statement in pairs:
        table.add_row(SIGNS[what], sentence(statement))
    yield table


def sentence(statement: Statement) -> Text:
    """Write one permission as a sentence: effect, principal, actions, resources and conditions."""
    text = Text(statement.effect.lower(), style="red" if statement.effect == "Deny" else "")
    if statement.who is not None:
        text.append(f" {', '.join(statement.who)}", style="default")
    text.append(f" {', '.join(statement.actions)}", style="bold default")
    if statement.resources:
        text.append(f" on {', '.join(statement.resources)}", style="default")
    for number, condition in enumerate(statement.conditions):
        text.append(f"\n{'and' if number else 'if'} {condition}", style="dim default")
    return text


def _by_owner(pair: tuple[str, Statement]) -> tuple[str, str, tuple[str, ...]]:
    return (pair[1].owner, pair[1].effect, pair[1].actions)


def _bucket(plan: Plan) -> Iterator[RenderableType]:
    switch = plan.wanted.switch
    if switch is None or switch.is_on:
        return
    table = _grid(columns=2)
    table.add_row(SIGNS["added"], "EventBridge")
    for kept in switch.kept:
        table.add_row("", Text(f"{kept} stays", style="dim"))
    yield from _section(f"Notifications of the bucket {switch.bucket}", table)


def _orphaned_logs(plan: Plan) -> Iterator[RenderableType]:
    if plan.wanted.orphaned_logs:
        table = _grid(columns=2)
        for name in plan.wanted.orphaned_logs:
            table.add_row(SIGNS["removed"], name)
        yield from _section("Log groups left by a deleted stack, deleted first", table)


def _section(title: str, *parts: RenderableType) -> Iterator[RenderableType]:
    yield Text(f"\n{title}", style="bold cyan")
    yield from (Padding(part, (0, 0, 0, 2)) for part in parts)


def _grid(columns: int = 3) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    for number in range(1, columns):
        grid.add_column(overflow="fold", no_wrap=number < columns - 1)
    return grid


def value(of: object) -> str:
    """Format a value in at most one line; references look as in permissions."""
    text = "–" if of is None else "(empty)" if of == "" else ", ".join(map(words, of if isinstance(of, list) else [of]))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
