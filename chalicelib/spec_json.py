"""`tuning.json` as a JSON object, read more strictly than Python does. Pure."""

import json
from collections import Counter
from typing import Any

from chalicelib.errors import Problem, Refused

NAME = "`tuning.json`:"


def read_object(raw: bytes) -> dict[str, Any]:
    """The object in `raw`. Raises: Refused: not UTF-8, not JSON, not an object, or a key that stands twice."""
    try:
        given = json.loads(_text(raw), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"`tuning.json` line {error.lineno} column {error.colno}"
        raise _refused(where, f"is not JSON ({error.msg})", "correct it and upload it again") from error
    if not isinstance(given, dict):
        raise _refused(NAME, "must be a JSON object", 'the least is {"target": "<column>"}')
    return given


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise _refused("`tuning.json`", "is UTF-16", "save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("`tuning.json`", f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubles = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if doubles:
        raise _refused(NAME, f"the key `{doubles[0]}` stands twice", "keep one of them")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise _refused(NAME, f"{name} is not a number", "write an ordinary number")


def _refused(where: str, what: str, fix: str) -> Refused:
    return Refused((Problem(where, what, fix),))
