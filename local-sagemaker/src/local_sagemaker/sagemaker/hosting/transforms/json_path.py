"""The subset of JSONPath that batch transform supports: `$`, `.name`, `*`, `['a','b']`, `[0,-1]` and `[1:4]`.

docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html#data-processing-operators defines `[1:4]`
as "the second through fifth columns": the end is inclusive, unlike elsewhere.
"""

import re
from collections.abc import Callable
from typing import Any

_STEP = re.compile(r"\.?\[(?P<inside>[^\]]+)\]|\.(?P<name>[^.\[\]*]+)|\.(?P<all>\*)")
_QUOTED = re.compile(r"\s*'([^']*)'\s*(?:,|$)")
_NUMBERS = re.compile(r"\s*(-?\d+)\s*(?:,|$)|\s*(-?\d*)\s*:\s*(-?\d*)\s*(?:,|$)")

Select = Callable[[Any], Any]


class NoSuchPath(Exception):
    """The expression is not supported, or selects nothing in the value."""


def compile_path(expression: str) -> Select:
    """Compile an expression. A single name or index selects a value, several select a part of the object or array.

    Raises: NoSuchPath: the expression is not supported."""
    if not expression.startswith("$"):
        raise NoSuchPath(f"{expression} does not begin with $")
    steps, at = [], 1
    while at < len(expression):
        match = _STEP.match(expression, at)
        if match is None:
            raise NoSuchPath(f"{expression} cannot be parsed from character {at + 1} on")
        steps.append(_step(match, expression))
        at = match.end()

    def select(value: Any) -> Any:
        for step in steps:
            try:
                value = step(value)
            except (LookupError, TypeError) as e:
                raise NoSuchPath(f"{expression} selects nothing in the value: {e}") from e
        return value

    return select


def _step(match: re.Match[str], expression: str) -> Select:
    if match["name"]:
        return _names([match["name"]])
    inside = "*" if match["all"] else match["inside"].strip()
    if inside == "*":
        return lambda value: list(value.values()) if isinstance(value, dict) else list(value)
    quoted = list(_whole(_QUOTED, inside))
    if quoted:
        return _names([found[1] for found in quoted])
    numbers = list(_whole(_NUMBERS, inside))
    if not numbers:
        raise NoSuchPath(f"[{inside}] in {expression} cannot be parsed")
    return _indexes(numbers)


def _whole(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """The consecutive matches that make up the text; none if it contains anything else."""
    found, at = [], 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            return []
        found.append(match)
        at = match.end()
    return found


def _names(names: list[str]) -> Select:
    if len(names) == 1:
        return lambda value: value[names[0]]
    return lambda value: {name: value[name] for name in names}


def _indexes(numbers: list[re.Match[str]]) -> Select:
    if len(numbers) == 1 and numbers[0][1]:
        return lambda value: value[int(numbers[0][1])]

    def select(value: Any) -> list[Any]:
        return [one for found in numbers for one in _part(value, found)]

    return select


def _part(value: Any, found: re.Match[str]) -> list[Any]:
    if found[1]:
        return [value[int(found[1])]]
    first, last = (int(text) if text else default for text, default in ((found[2], 0), (found[3], -1)))
    return list(value[first : None if last == -1 else last + 1])
