"""Filtering, sorting and pagination for every List call.

A token identifies the page's last row, not an offset: rows that are added, changed or deleted between two pages cause
no other row to be repeated or skipped.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid

DEFAULT_PAGE = 10
_TIMES = (
    ("CreationTimeAfter", "CreationTime", 1),
    ("CreationTimeBefore", "CreationTime", -1),
    ("LastModifiedTimeAfter", "LastModifiedTime", 1),
    ("LastModifiedTimeBefore", "LastModifiedTime", -1),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """A List call's settings: the kind of resource, with which the members for a row's name and status begin, the
    response's member for the rows, and the default SortBy and SortOrder.

    `more_keys` are sort keys beyond Name, CreationTime and Status; a row for which they give None is left out.
    `is_status_last` is for ListTrainingJobs: it takes MaxResults rows of any status first, and then filters them by
    StatusEquals."""

    kind: str
    member: str
    sort_by: str = "CreationTime"
    order: str = "Ascending"
    more_keys: Mapping[str, Callable[[Row], Any]] = field(default_factory=dict)
    is_status_last: bool = False

    def answer(self, rows: Iterable[Row], request: Mapping[str, Any]) -> dict[str, Any]:
        """The response, with one page of the rows. Raises: ServiceError: the token does not belong to this listing."""
        found, token = self._page(rows, request)
        return {self.member: found, **({"NextToken": token} if token else {})}

    def _page(self, rows: Iterable[Row], request: Mapping[str, Any]) -> tuple[list[Row], str | None]:
        """One page and the token of the next. Raises: ServiceError: the token does not belong to this listing."""
        sort_by, order = request.get("SortBy", self.sort_by), request.get("SortOrder", self.order)
        key, is_down = self._key(sort_by), order == "Descending"
        sorting = f"{self._name} {sort_by} {order}"
        is_filtered_later = self.is_status_last and "MaxResults" in request
        kept = [row for row in rows if self._is_wanted(row, request) and key(row) is not None]
        if not is_filtered_later:
            kept = [row for row in kept if self._has_the_status(row, request)]
        kept.sort(key=lambda row: (key(row), row[self._name]), reverse=is_down)
        if token := request.get("NextToken"):
            last = _read(token, sorting)
            kept = [row for row in kept if _is_beyond((key(row), row[self._name]), last, is_down)]
        found, rest = kept[: (size := request.get("MaxResults", DEFAULT_PAGE))], kept[size:]
        following = _written(sorting, key(found[-1]), found[-1][self._name]) if rest else None
        return [row for row in found if self._has_the_status(row, request)], following

    @property
    def _name(self) -> str:
        return f"{self.kind}Name"

    def _key(self, sort_by: str) -> Callable[[Row], Any]:
        members = {"CreationTime": "CreationTime", "Name": self._name, "Status": f"{self.kind}Status"}
        return itemgetter(members[sort_by]) if sort_by in members else self.more_keys[sort_by]

    def _is_wanted(self, row: Row, request: Mapping[str, Any]) -> bool:
        if request.get("NameContains", "").lower() not in row[self._name].lower():
            return False
        return all(
            sign * (row[member] - _epoch(request[filter_])) > 0
            for filter_, member, sign in _TIMES
            if request.get(filter_) is not None
        )

    def _has_the_status(self, row: Row, request: Mapping[str, Any]) -> bool:
        return "StatusEquals" not in request or bool(request["StatusEquals"] == row[f"{self.kind}Status"])


def no_token(request: Mapping[str, Any]) -> None:
    """Check a listing that has only one page. Raises: ServiceError: the request has a token."""
    if request.get("NextToken"):
        raise invalid("Invalid NextToken.")


def _is_beyond(row: tuple[Any, str], last: tuple[Any, str], is_down: bool) -> bool:
    return row < last if is_down else row > last


def _epoch(value: float | str) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else float(value)


def _written(sorting: str, key: Any, name: str) -> str:
    return base64.b64encode(json.dumps([sorting, key, name]).encode()).decode()


def _read(token: str, sorting: str) -> tuple[Any, str]:
    try:
        of, at, name = json.loads(base64.b64decode(token, validate=True))
        is_ours = of == sorting and isinstance(name, str) and isinstance(at, int | float | str)
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid("Invalid NextToken.") from error
    if not is_ours:
        raise invalid("Invalid NextToken: it belongs to another listing or sort order.")
    return at, name
