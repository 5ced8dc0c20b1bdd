"""Hosting's List calls: all sorted by CreationTime, the newest first, unless asked otherwise."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from localaws.sagemaker.listing import Listing


def page(
    rows: Iterable[dict[str, Any]], request: Mapping[str, Any], member: str, *, name: str, status: str | None = None
) -> dict[str, Any]:
    """The answer's `member` with one page of rows. `status` is their member that StatusEquals and SortBy mean."""
    keys = {"CreationTime": "CreationTime", "Name": name, **({"Status": status} if status else {})}
    listing = Listing(name, status or name, {word: itemgetter(key) for word, key in keys.items()}, order="Descending")
    found, token = listing.page(rows, request)
    return {member: found, **({"NextToken": token} if token else {})}
