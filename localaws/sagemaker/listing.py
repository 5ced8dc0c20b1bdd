"""Filters, order and pages, the same for every List call."""

import base64
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from localaws.sagemaker.errors import invalid

DEFAULT_PAGE = 10
_TIMES = (
    ("CreationTimeAfter", "CreationTime", 1),
    ("CreationTimeBefore", "CreationTime", -1),
    ("LastModifiedTimeAfter", "LastModifiedTime", 1),
    ("LastModifiedTimeBefore", "LastModifiedTime", -1),
)


def listed(
    rows: Iterable[dict[str, Any]],
    request: Mapping[str, Any],
    *,
    name: str,
    status: str,
    order: str,
    keys: Mapping[str, Callable[[dict[str, Any]], Any]],
) -> tuple[list[dict[str, Any]], str | None]:
    """One page and the token of the next. `keys` are the request's SortBy values; a row whose key is None is left
    out, `order` is the default SortOrder."""
    kept = [row for row in rows if _wanted(row, request, name, status)]
    key = keys[request.get("SortBy") or next(iter(keys))]
    kept = [row for row in kept if key(row) is not None]
    kept.sort(key=lambda row: (key(row), row[name]), reverse=request.get("SortOrder", order) == "Descending")
    start = _start(request.get("NextToken"))
    end = start + int(request.get("MaxResults", DEFAULT_PAGE))
    token = base64.b64encode(str(end).encode()).decode() if end < len(kept) else None
    return kept[start:end], token


def _wanted(row: dict[str, Any], request: Mapping[str, Any], name: str, status: str) -> bool:
    if request.get("NameContains", "").lower() not in row[name].lower():
        return False
    if request.get("StatusEquals", row[status]) != row[status]:
        return False
    return all(
        sign * (row[member] - _epoch(request[filter_])) > 0
        for filter_, member, sign in _TIMES
        if request.get(filter_) is not None
    )


def _epoch(value: float | str) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else float(value)


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.b64decode(token, validate=True))
    except ValueError as error:
        raise invalid("Invalid NextToken.") from error
