"""The permissions in a template, statement by statement, and how they change.

Every policy in a resource's properties counts: a role's own, its trust policy, and those of queues, topics and buckets.
They are read after the parameters were filled in.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_PLACE = re.compile(r"arn:\$\{AWS::Partition\}:([a-z0-9-]+):(?:\$\{AWS::Region\})?:(?:\$\{AWS::AccountId\})?:")
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.Arn)?\}")


@dataclass(frozen=True, order=True)
class Statement:
    """One permission, readable. `owner` is the resource with the policy; `who` is None if it applies to the owner
    itself."""

    owner: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    who: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class PermissionChanges:
    """Added and removed statements; a changed one is in both."""

    added: tuple[Statement, ...]
    removed: tuple[Statement, ...]


def permission_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> PermissionChanges:
    """Compare evaluated resources, ignoring the order within and of statements."""
    old, new = set(statements(before)), set(statements(after))
    return PermissionChanges(tuple(sorted(new - old, key=_rank)), tuple(sorted(old - new, key=_rank)))


def statements(resources: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield every statement of every resource."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        for document in _policies(properties):
            yield from (_statement(name, one) for one in _list(document["Statement"]))
        if resource["Type"] == "AWS::Lambda::Permission":
            yield _lambda_permission(properties)
        for key in ("ManagedPolicyArns", "PermissionsBoundary"):
            for arn in _list(properties.get(key)) if resource["Type"] == "AWS::IAM::Role" else ():
                yield Statement(name, "Limit" if key == "PermissionsBoundary" else "Allow", (f"all of {words(arn)}",))


def words(value: Any) -> str:
    """Shorten an ARN or name for people: `arn:${AWS::Partition}:s3:::${Data}/x` becomes `s3:Data/x`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref":
            return str(argument)
        if function == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else argument.split(".")
            return str(parts[0]) if parts[-1] == "Arn" else ".".join(map(str, parts))
        if function == "Fn::Sub":
            text, own = (argument, {}) if isinstance(argument, str) else argument
            return _VARIABLE.sub(
                lambda found: words(own.get(found[1], found[1].removeprefix("AWS::"))), _PLACE.sub(r"\1:", text)
            )
    return json.dumps(value, sort_keys=True)


def _policies(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "Statement" in value:
            yield value
        else:
            for inside in value.values():
                yield from _policies(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _policies(inside)


def _statement(owner: str, one: Mapping[str, Any]) -> Statement:
    actions = _list(one.get("Action")) or [f"all but {action}" for action in _list(one.get("NotAction"))]
    resources = _list(one.get("Resource")) or [f"all but {words(arn)}" for arn in _list(one.get("NotResource"))]
    return Statement(
        owner,
        one["Effect"],
        tuple(sorted(map(str, actions))),
        tuple(sorted(map(words, resources))),
        tuple(sorted(_who(one["Principal"]))) if "Principal" in one else None,
        tuple(sorted(_conditions(one.get("Condition", {})))),
    )


def _who(principal: Any) -> Iterator[str]:
    if isinstance(principal, str):
        yield "anybody" if principal == "*" else principal
    else:
        for names in principal.values():
            yield from ("anybody" if name == "*" else words(name) for name in _list(names))


def _conditions(conditions: Mapping[str, Any]) -> Iterator[str]:
    for operator, keys in conditions.items():
        for key, values in keys.items():
            yield f"{key} {operator} {', '.join(map(words, _list(values)))}"


def _lambda_permission(properties: Mapping[str, Any]) -> Statement:
    keys = {"aws:SourceArn": "SourceArn", "aws:SourceAccount": "SourceAccount"}
    conditions = tuple(f"{key} is {words(properties[name])}" for key, name in keys.items() if name in properties)
    function, who = words(properties["FunctionName"]), words(properties["Principal"])
    return Statement(function, "Allow", (properties["Action"],), (), (who,), conditions)


def _rank(statement: Statement) -> tuple[Any, ...]:
    return (statement.owner, statement.effect, statement.actions, statement.resources, statement.who or (), statement)


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
