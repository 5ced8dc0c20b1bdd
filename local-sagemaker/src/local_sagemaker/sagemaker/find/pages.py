"""The order and pages of Search's results.

A token names the last record of its page and that record's place in the order, not an offset: records that are added,
changed or deleted between two pages cause no other record to be repeated or skipped. A record without the property
comes last in either order; AWS does not document where it comes.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.find.operators import number
from local_sagemaker.sagemaker.find.properties import HYPERPARAMETER, OBJECT, Property, Record
from local_sagemaker.sagemaker.protocol.errors import invalid

DEFAULT_PAGE = 10
"""Undocumented for Search; the default of the List calls."""
_NOT_OF_THE_QUERY = ("NextToken", "MaxResults")

Place = tuple[int, float | str, str]
"""The kind of the value (missing, a number or text), the value, and the record's ARN, which no other record has."""


def page(
    records: Sequence[Record], request: Mapping[str, Any], by: Sequence[Property], arn: Callable[[Record], str]
) -> tuple[list[Record], str | None]:
    """One page and the token of the next, sorted by the first of the properties that a record has.

    Raises: ServiceError: the property cannot be sorted by, or the token belongs to another search."""
    if by[0].kind == OBJECT:
        raise invalid(f"The results cannot be sorted by the property {by[0].name}: it has no single value.")
    is_down = request.get("SortOrder", "Descending") == "Descending"
    places = sorted(((_place(record, by, arn, is_down), record) for record in records), key=_first, reverse=is_down)
    if token := request.get("NextToken"):
        last = _read(token, _query(request))
        places = [one for one in places if (one[0] < last if is_down else one[0] > last)]
    size = request.get("MaxResults", DEFAULT_PAGE)
    found, rest = places[:size], places[size:]
    return [record for _, record in found], _written(found[-1][0], _query(request)) if rest else None


def _first(pair: tuple[Place, Record]) -> Place:
    return pair[0]


def _place(record: Record, by: Sequence[Property], arn: Callable[[Record], str], is_down: bool) -> Place:
    values = next((values for one in by if (values := one.values(record))), [])
    if not values:
        return (0 if is_down else 3, "", arn(record))
    value = _sortable(values[0], is_text=by[0].kind != HYPERPARAMETER)
    return (2 if isinstance(value, str) else 1, value, arn(record))


def _sortable(value: Any, *, is_text: bool) -> float | str:
    """Numbers and times as numbers; hyperparameters as numbers where they are."""
    if not isinstance(value, str):
        return float(value)
    try:
        return value if is_text else number(value)
    except ValueError:
        return value


def _query(request: Mapping[str, Any]) -> str:
    query = {name: value for name, value in request.items() if name not in _NOT_OF_THE_QUERY}
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()[:16]


def _written(place: Place, query: str) -> str:
    return base64.b64encode(json.dumps([query, *place]).encode()).decode()


def _read(token: str, query: str) -> Place:
    try:
        of, kind, value, arn = json.loads(base64.b64decode(token, validate=True))
        types = {0: str, 1: float, 2: str, 3: str}
        is_ours = of == query and isinstance(arn, str) and isinstance(value, types[kind])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise invalid("Invalid NextToken.") from error
    if not is_ours:
        raise invalid("Invalid NextToken: it belongs to another search.")
    return kind, value, arn
