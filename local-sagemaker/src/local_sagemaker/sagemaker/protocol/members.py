"""The members of the API's responses."""

from collections.abc import Mapping
from typing import Any


def present(**members: Any) -> dict[str, Any]:
    """The members that have a value: AWS leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}


def without_tags(request: Mapping[str, Any]) -> dict[str, Any]:
    """A Create request as Describe returns it: tags have a call of their own."""
    return {name: value for name, value in request.items() if name != "Tags"}
