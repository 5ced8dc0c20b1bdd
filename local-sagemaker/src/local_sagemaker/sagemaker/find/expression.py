"""A SearchExpression as one test of a record, with the limits of API_SearchExpression."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_sagemaker.sagemaker.find.operators import Test, filter_test
from local_sagemaker.sagemaker.find.properties import OBJECT, Record, find, tags, unknown
from local_sagemaker.sagemaker.protocol.errors import invalid

MOST_ELEMENTS = 20
MOST_ELEMENTS_OF_ALL = 50
_LISTS = ("Filters", "NestedFilters", "SubExpressions")

Expression = Mapping[str, Any]


def expression_test(shape: Any, given: Expression) -> Test:
    """Raises: ServiceError: the expression exceeds a limit, or does not fit the resource with this shape."""
    _check_limits(given)
    return _whole(shape, given)


def visible(record: Record, conditions: list[dict[str, str]]) -> bool:
    """Whether each of the VisibilityConditions holds: a tag with this key has this value, or is absent."""
    held = {f"Tags.{tag['Key']}": tag["Value"] for tag in tags(record)}
    return all(held.get(one.get("Key", ""), one.get("Value", "")) == one.get("Value", "") for one in conditions)


def check_conditions(conditions: list[dict[str, str]]) -> None:
    """Raises: ServiceError: a key is not a tag's."""
    for one in conditions:
        if not one.get("Key", "").startswith("Tags.") or "Value" not in one:
            raise invalid("A VisibilityCondition needs a Key of the form Tags.<key>, and a Value.")


def _whole(shape: Any, given: Expression) -> Test:
    tests = [
        *(filter_test(find(shape, one["Name"]), one) for one in given.get("Filters", ())),
        *(_nested(shape, one) for one in given.get("NestedFilters", ())),
        *(_whole(shape, one) for one in given.get("SubExpressions", ())),
    ]
    combined = any if given.get("Operator") == "Or" else all
    return lambda record: combined(test(record) for test in tests)


def _nested(shape: Any, given: Mapping[str, Any]) -> Test:
    """Satisfied if one object of the list satisfies all filters."""
    prefix = given["NestedPropertyName"]
    found = find(shape, prefix)
    if found.kind != OBJECT or found.shape is None:
        raise invalid(f"The property {prefix} holds no objects for NestedFilters.")
    tests = [filter_test(find(found.shape, _below(prefix, one["Name"])), one) for one in given["Filters"]]
    return lambda record: any(all(test(item) for test in tests) for item in found.values(record))


def _below(prefix: str, name: str) -> str:
    """A nested filter's name within the object: API_NestedFilters writes the whole path."""
    if not name.startswith(f"{prefix}."):
        raise unknown(name)
    return name.removeprefix(f"{prefix}.")


def _check_limits(given: Expression) -> None:
    expressions = list(_expressions(given))
    counts = [sum(len(one.get(name, ())) for name in _LISTS) for one in expressions]
    if min(counts) == 0:
        raise invalid("A SearchExpression needs at least one subexpression, filter, or nested filter.")
    if max(counts) > MOST_ELEMENTS:
        raise invalid(f"A SearchExpression can have up to {MOST_ELEMENTS} elements, not {max(counts)}.")
    nested = [one for each in expressions for group in each.get("NestedFilters", ()) for one in group["Filters"]]
    total = sum(counts) + len(nested)
    if total > MOST_ELEMENTS_OF_ALL:
        text = "recursive SubExpressions, NestedFilters, and Filters"
        raise invalid(f"A SearchExpression can have at most {MOST_ELEMENTS_OF_ALL} {text}, not {total}.")
    filters = [*nested, *(one for each in expressions for one in each.get("Filters", ()))]
    if sum(one.get("Operator") == "Contains" for one in filters) > 1:
        raise invalid("'CONTAINS' operator usage limit of 1 exceeded.")


def _expressions(given: Expression) -> Iterator[Expression]:
    waiting = [given]
    while waiting:
        yield (one := waiting.pop())
        waiting.extend(one.get("SubExpressions", ()))
