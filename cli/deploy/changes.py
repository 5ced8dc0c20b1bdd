"""What a deployment would change, resource by resource: the deployed template beside the new one.

Computed here and not by a change set, which would be a write to the account, deleted again. The price: whether a
changed property means a new resource is read from CloudFormation's schemas, as cfn-lint ships them, and a property
whose schema says "sometimes" stays a "perhaps".
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_PARTS = ("Type", "Properties", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy")
Resources = Mapping[str, Mapping[str, Any]]


class Replaced(StrEnum):
    """Whether CloudFormation makes a new resource in the place of the old one."""

    NO = "no"
    PERHAPS = "perhaps"
    YES = "yes"


@dataclass(frozen=True)
class Difference:
    """One property; `path` has dots, a side that is absent is None."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One resource. `what` is added, changed or removed; `is_kept` if what was there stays in the account."""

    what: str
    name: str
    type: str
    differences: tuple[Difference, ...] = ()
    replaced: Replaced = Replaced.NO
    because_of: tuple[str, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True)
class ReplacementRules:
    """Paths of a resource type's properties that only a new resource can have otherwise: always, or sometimes."""

    always: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()


def changes(before: Resources, after: Resources, fixed: Mapping[str, ReplacementRules]) -> tuple[Change, ...]:
    """Removed, then changed, then added, each by name. `before` and `after` are evaluated resources."""
    removed = [_removed(name, before[name]) for name in sorted(before.keys() - after.keys())]
    changed = [_changed(name, before[name], after[name], fixed) for name in sorted(before.keys() & after.keys())]
    added = [Change("added", name, after[name]["Type"]) for name in sorted(after.keys() - before.keys())]
    real = [change for change in changed if change.differences]
    return (*removed, *_with_followers(real, before, after), *added)


def _removed(name: str, resource: Mapping[str, Any]) -> Change:
    return Change("removed", name, resource["Type"], is_kept=resource.get("DeletionPolicy", "Delete") != "Delete")


def _changed(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], fixed: Mapping[str, ReplacementRules]
) -> Change:
    differences = tuple(_differences(before, after))
    if before["Type"] != after["Type"]:
        replaced = Replaced.YES
    else:
        rules = fixed.get(after["Type"], ReplacementRules())
        replaced = max(
            (_replaced(one.path, rules) for one in differences), key=list(Replaced).index, default=Replaced.NO
        )
    is_kept = replaced is Replaced.YES and before.get("UpdateReplacePolicy", "Delete") != "Delete"
    return Change("changed", name, after["Type"], differences, replaced, is_kept=is_kept)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for part in _PARTS:
        if part == "Properties":
            yield from _inside("", before.get(part, {}), after.get(part, {}))
        elif before.get(part) != after.get(part):
            yield Difference(part, before.get(part), after.get(part))


def _inside(path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Maps are looked into; lists and single values are one difference."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not (_is_function(before) or _is_function(after)):
        for name in sorted(before.keys() | after.keys()):
            yield from _inside(f"{path}.{name}".lstrip("."), before.get(name), after.get(name))
    else:
        yield Difference(path, before, after)


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _replaced(path: str, rules: ReplacementRules) -> Replaced:
    for answer, paths in ((Replaced.YES, rules.always), (Replaced.PERHAPS, rules.sometimes)):
        if any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in paths):
            return answer
    return Replaced.NO


def _with_followers(changed: list[Change], before: Resources, after: Resources) -> list[Change]:
    """With the resources that change only since one that they refer to becomes another."""
    new = {change.name for change in changed if change.replaced is Replaced.YES}
    known = {change.name for change in changed}
    followers = [
        Change("changed", name, after[name]["Type"], because_of=tuple(sorted(new & names)))
        for name in sorted(before.keys() & after.keys() - known)
        if new & (names := _referred(after[name]))
    ]
    return sorted([*changed, *followers], key=lambda change: change.name)


def _referred(value: Any) -> set[str]:
    """Logical ids, and some words more, that a resource names."""
    if isinstance(value, Mapping) and _is_function(value):
        [(function, argument)] = value.items()
        if function == "Ref":
            return {argument}
        if function == "Fn::GetAtt":
            return {argument[0] if isinstance(argument, list) else argument.split(".")[0]}
        if function == "Fn::Sub":
            text = json.dumps(argument)
            return {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]}
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return set().union(*map(_referred, inside))
