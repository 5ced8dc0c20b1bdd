"""A filter's operators and their rules for each type of property, as documented in API_Filter.

What AWS does not document is assumed in this file: text compares with its case; NotEquals also matches a resource that
lacks the property; a filter on a list matches if one element does; a hyperparameter that is no number matches no
numeric comparison.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite, trunc
from typing import Any

from local_sagemaker.sagemaker.find.properties import (
    BOOLEAN,
    HYPERPARAMETER,
    NUMBER,
    OBJECT,
    TEXT,
    TIMESTAMP,
    Property,
    Record,
)
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid

Test = Callable[[Record], bool]
Compare = Callable[[Any, Any], bool]

_ORDERED: dict[str, Compare] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
_OF_TEXT: dict[str, Callable[[str, str], bool]] = {
    "Contains": lambda actual, value: value in actual,
    "In": lambda actual, value: actual in value.split(","),
}


def filter_test(found: Property, given: Mapping[str, Any]) -> Test:
    """The test that a filter stands for. Raises: ServiceError: its operator or value does not fit the property."""
    word = given.get("Operator", "Equals")
    if word in ("Exists", "NotExists"):
        return lambda record: bool(found.values(record)) == (word == "Exists")
    if "Value" not in given:
        raise invalid(f"The filter on {found.name} needs a Value for its operator {word}.")
    matches = _comparison(found, word, given["Value"])
    if word == "NotEquals":
        return lambda record: not any(map(matches, found.values(record)))
    return lambda record: any(map(matches, found.values(record)))


def number(text: str) -> float:
    """Raises: ValueError: it is not an integer or a decimal."""
    value = float(text)
    if not isfinite(value) or "_" in text:
        raise ValueError(f"{text} is not a decimal number")
    return value


def _comparison(found: Property, word: str, value: str) -> Callable[[Any], bool]:
    if word in _OF_TEXT:
        if found.kind not in (TEXT, HYPERPARAMETER):
            raise _unsupported(found, word)
        return lambda actual: _OF_TEXT[word](actual, value)
    if found.kind == OBJECT or (word in _ORDERED and found.kind in (TEXT, BOOLEAN)):
        raise _unsupported(found, word)
    compare: Compare = _ORDERED.get(word, operator.eq)
    if found.kind == HYPERPARAMETER:
        return _of_hyperparameter(found, compare, value)
    wanted = _read(found, value)
    return lambda actual: bool(compare(actual, wanted))


def _of_hyperparameter(found: Property, compare: Compare, value: str) -> Callable[[str], bool]:
    """Compare as decimals, or as integers if the filter's value is one; without a number only for equality, as text."""
    try:
        wanted = number(value)
    except ValueError:
        if compare is not operator.eq:
            raise _unreadable(found, value, "an integer or a floating-point decimal") from None
        return lambda actual: actual == value
    is_whole = value.strip().lstrip("+-").isdecimal()

    def matches(actual: str) -> bool:
        try:
            read = number(actual)
        except ValueError:
            return False
        return bool(compare(trunc(read) if is_whole else read, wanted))

    return matches


def _read(found: Property, value: str) -> Any:
    """The filter's value in the property's type; a time without a zone is in UTC."""
    if found.kind == NUMBER:
        return _converted(found, number, value, "an integer or a floating-point decimal")
    if found.kind == TIMESTAMP:
        return _converted(found, _epoch, value, "a date-time of the form YYYY-mm-dd'T'HH:MM:SS")
    if found.kind == BOOLEAN:
        return _converted(found, _boolean, value, "true or false")
    return value


def _converted(found: Property, convert: Callable[[str], Any], value: str, form: str) -> Any:
    try:
        return convert(value)
    except (ValueError, OverflowError):
        raise _unreadable(found, value, form) from None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _epoch(text: str) -> float:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _unsupported(found: Property, word: str) -> ServiceError:
    return invalid(f"The operator {word} is not supported for the {found.kind} property {found.name}.")


def _unreadable(found: Property, value: str, form: str) -> ServiceError:
    return invalid(f"The value {value[:100]!r} of the {found.kind} property {found.name} is not {form}.")
