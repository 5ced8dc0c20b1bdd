"""`tuning.json` as a JSON object, read more strictly than Python does. Pure."""

import json
from collections import Counter
from typing import Any

from chalicelib.errors import Problem, Refused

NAME = "`tuning.json`:"
FILE = NAME.rstrip(":")
MAX_BYTES = 256 * 1024
_MAX_DIGITS = 15
"""What a double holds exactly; Python's own limit (4,300) would end in an error of its own."""


def read_object(raw: bytes) -> dict[str, Any]:
    """The object in `raw`. Raises: Refused: not UTF-8, not JSON, not an object, or a key that stands twice."""
    if len(raw) > MAX_BYTES:
        raise _refused(FILE, f"has {len(raw)} bytes, {MAX_BYTES} are allowed", "is it another file's content?")
    try:
        given = json.loads(
            _text(raw), object_pairs_hook=_without_doubles, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        where = f"{FILE} line {error.lineno} column {error.colno}"
        raise _refused(where, f"is not JSON ({error.msg})", "correct it and upload it again") from error
    except RecursionError as error:
        raise _refused(FILE, "is nested too deeply", "no key needs more than four levels") from error
    if not isinstance(given, dict):
        raise _refused(FILE, "must be a JSON object", 'the least is {"target": "<column>"}')
    _check_characters(given)
    return given


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise _refused(FILE, "is UTF-16", "save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(FILE, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubles = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if doubles:
        raise _refused(NAME, f"the key `{doubles[0]}` stands twice", "keep one of them")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise _refused(NAME, f"{name} is not a number", "write an ordinary number")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise _refused(NAME, f"{digits[:20]}… is too large a number", f"at most {_MAX_DIGITS} digits are read")
    return int(digits)


def _check_characters(given: dict[str, Any]) -> None:
    """JSON can spell halves of characters, which nothing after us could write down."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise _refused(NAME, f"{half} is half a character", "write the character itself") from error


def _refused(where: str, what: str, fix: str) -> Refused:
    return Refused((Problem(where, what.encode(errors="replace").decode(), fix),))
