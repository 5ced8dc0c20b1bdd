"""A statement's Condition element.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
reference_policies_condition-single-vs-multi-valued-context-keys.html. Dates, binary values, IP addresses and policy
variables are not supported: a policy with such an operator denies everything.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

Context = Mapping[str, tuple[str, ...]]
"""A call's values by condition key in lower case."""
Compare = Callable[[str, str], bool]


class UnknownOperator(Exception):
    """A condition operator that this module does not support."""


def holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every key of every operator matches. Raises: UnknownOperator."""
    return all(
        _matches(operator, [str(value) for value in listed(wanted)], context.get(key.lower(), ()))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def like(value: str, pattern: str) -> bool:
    """Whether the pattern, with `*` and `?`, matches the whole value."""
    return _expression(pattern).fullmatch(value) is not None


def listed(value: Any) -> list[Any]:
    """A list of an element that a policy may write as one value or as several."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _matches(operator: str, wanted: list[str], given: tuple[str, ...]) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    if name == "Null":
        return (not given) == (_lower(wanted[0]) == "true")
    if name not in _OPERATORS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise UnknownOperator(operator)
    compare, is_negated = _OPERATORS[name]
    if not given:
        return rest.endswith("IfExists") or quantifier == "ForAllValues" or (is_negated and not quantifier)
    found = (any(compare(value, one) for one in wanted) != is_negated for value in given)
    return any(found) if quantifier == "ForAnyValue" else all(found)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in re.split(r"([*?])", pattern))
    return re.compile("".join(parts), re.DOTALL)


def _arn_like(value: str, pattern: str) -> bool:
    """Match each of an ARN's six parts separately: a `*` does not match across a colon."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(like(one, wanted) for one, wanted in zip(parts, patterns, strict=True))


def _numbers(compare: Callable[[float, float], bool]) -> Compare:
    def compared(value: str, wanted: str) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return compared


def _lower(value: str) -> str:
    return value.lower()


def _same(value: str, wanted: str) -> bool:
    return value == wanted


def _same_letters(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


def _both(name: str, opposite: str, compare: Compare) -> Iterable[tuple[str, tuple[Compare, bool]]]:
    return ((name, (compare, False)), (opposite, (compare, True)))


_OPERATORS: dict[str, tuple[Compare, bool]] = {
    **dict(_both("StringEquals", "StringNotEquals", _same)),
    **dict(_both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _same_letters)),
    **dict(_both("StringLike", "StringNotLike", like)),
    **dict(_both("ArnLike", "ArnNotLike", _arn_like)),
    **dict(_both("ArnEquals", "ArnNotEquals", _arn_like)),
    **dict(_both("NumericEquals", "NumericNotEquals", _numbers(lambda value, wanted: value == wanted))),
    "NumericLessThan": (_numbers(lambda value, wanted: value < wanted), False),
    "NumericLessThanEquals": (_numbers(lambda value, wanted: value <= wanted), False),
    "NumericGreaterThan": (_numbers(lambda value, wanted: value > wanted), False),
    "NumericGreaterThanEquals": (_numbers(lambda value, wanted: value >= wanted), False),
    "Bool": (_same_letters, False),
}
"""Each operator's comparison, and whether it is negated."""
