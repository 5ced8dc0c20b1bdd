"""The stack's parameters: what a person says, what the stack has, and what the template allows, checked before
anything is sent."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from cli.console import ExitCode, Leave


class WrongParameters(Leave):
    """All that is wrong with what was said, a line each."""

    def __init__(self, problems: Sequence[str]):
        super().__init__(ExitCode.USAGE, "\n".join(problems))


@dataclass(frozen=True)
class ParameterChange:
    """`before` is None where the stack did not have it, `after` where it has it no longer."""

    name: str
    before: str | None
    after: str | None


def said(words: Sequence[str], declared: Mapping[str, Any]) -> dict[str, str]:
    """`NAME=VALUE` as values by name. Raises: WrongParameters: no "=", a name that there is not, or said twice."""
    values: dict[str, str] = {}
    problems = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            problems.append(f"--set {word}: say it as --set NAME=VALUE.")
        elif name not in declared:
            problems.append(f"--set {name}: the stack has no such parameter; {_suggestion(name, declared)}")
        elif values.get(name, value) != value:
            problems.append(f"--set {name}: said twice, as {values[name]!r} and as {value!r}.")
        else:
            values[name] = value
    if problems:
        raise WrongParameters(problems)
    return values


def values_for(declared: Mapping[str, Any], had: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What was given, else what the stack has, else the default: all said, so that a repetition changes nothing.

    Raises: WrongParameters: a value that the template does not allow, or none at all."""
    values = {}
    problems: list[str] = []
    for name, one in declared.items():
        value = given.get(name, had.get(name, str(one["Default"]) if "Default" in one else None))
        if value is None:
            problems.append(f"{name} has no value: say --set {name}=… ({one.get('Description', 'no description')})")
        else:
            values[name] = value
            problems += [f"--set {name}={value}: {problem.rstrip('.')}." for problem in _problems(one, value)]
    if problems:
        raise WrongParameters(problems)
    return values


def parameter_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ParameterChange, ...]:
    """By name, only those that differ."""
    names = sorted(before.keys() | after.keys())
    pairs = [ParameterChange(name, before.get(name), after.get(name)) for name in names]
    return tuple(pair for pair in pairs if pair.before != pair.after)


def _suggestion(name: str, declared: Mapping[str, Any]) -> str:
    by_lower = {one.lower(): one for one in declared}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_lower[close[0]]}?"
    return f"it has {', '.join(sorted(declared))}."


def _problems(declared: Mapping[str, Any], value: str) -> Iterator[str]:
    kind = declared.get("Type", "String")
    told = declared.get("ConstraintDescription")
    if "AllowedValues" in declared and value not in map(str, declared["AllowedValues"]):
        yield told or f"must be one of {', '.join(map(str, declared['AllowedValues']))}."
    elif kind == "Number":
        yield from _number_problems(declared, value)
    elif "AllowedPattern" in declared and not all(
        re.fullmatch(declared["AllowedPattern"], part) for part in (value.split(",") if "List" in kind else (value,))
    ):
        yield told or f"must match {declared['AllowedPattern']}."
    elif not int(declared.get("MinLength", 0)) <= len(value) <= int(declared.get("MaxLength", 4096)):
        least, most = declared.get("MinLength", 0), declared.get("MaxLength", 4096)
        yield told or f"must have {least} to {most} characters, not {len(value)}."


def _number_problems(declared: Mapping[str, Any], value: str) -> Iterator[str]:
    least, most = declared.get("MinValue"), declared.get("MaxValue")
    asked = "must be a number"
    if least is not None and most is not None:
        asked += f" from {least} to {most}"
    elif least is not None or most is not None:
        asked += f" of at least {least}" if most is None else f" of at most {most}"
    low = -math.inf if least is None else float(least)
    high = math.inf if most is None else float(most)
    if not (re.fullmatch(r"-?\d+(\.\d+)?", value) and low <= float(value) <= high):
        yield f"{asked}."
