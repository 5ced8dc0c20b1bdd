"""Hosting's List calls: sorted by CreationTime, the newest first, unless requested otherwise."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from local_sagemaker.sagemaker.jobs.listing import Listing


def page(
    rows: Iterable[dict[str, Any]], request: Mapping[str, Any], member: str, *, name: str, status: str | None = None
) -> dict[str, Any]:
    """The response's `member` with one page of rows. `status` is the member for StatusEquals and SortBy."""
    keys = {"CreationTime": "CreationTime", "Name": name, **({"Status": status} if status else {})}
    listing = Listing(name, status or name, {word: itemgetter(key) for word, key in keys.items()}, order="Descending")
    found, token = listing.page(rows, request)
    return {member: found, **({"NextToken": token} if token else {})}
