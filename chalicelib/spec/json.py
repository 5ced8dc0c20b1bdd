"""Read `tuning.json` as a JSON object, more strictly than Python does. Pure."""

import json
from collections import Counter
from typing import Any

from chalicelib.errors import Problem, Refused

NAME = "`tuning.json`:"
FILE = NAME.rstrip(":")
MAX_BYTES = 256 * 1024
_MAX_DIGITS = 15
"""What a double represents exactly; Python's own limit (4,300) raises a different error."""


def read_object(raw: bytes) -> dict[str, Any]:
    """Return the object in `raw`. Raises: Refused: it is not UTF-8, not JSON, not an object, or has a duplicate key."""
    if len(raw) > MAX_BYTES:
        raise _refused(
            FILE,
            f"has {len(raw)} bytes, but at most {MAX_BYTES} are allowed",
            "is it the wrong file?",
            code="spec-too-large",
        )
    try:
        given = json.loads(
            _text(raw), object_pairs_hook=_without_doubles, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        where = f"{FILE} line {error.lineno} column {error.colno}"
        raise _refused(
            where, f"is not valid JSON ({error.msg})", "fix it and upload it again", code="spec-not-json"
        ) from error
    except RecursionError as error:
        raise _refused(
            FILE, "is nested too deeply", "no key needs more than four levels", code="spec-too-deep"
        ) from error
    if not isinstance(given, dict):
        raise _refused(FILE, "must be a JSON object", 'for example {"target": "<column>"}', code="spec-not-an-object")
    _check_characters(given)
    return given


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise _refused(FILE, "is UTF-16", "save it as UTF-8", code="spec-utf16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(FILE, f"is not UTF-8 (byte {error.start})", "save it as UTF-8", code="spec-not-utf8") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubles = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if doubles:
        raise _refused(NAME, f"duplicate key `{doubles[0]}`", "keep one of them", code="spec-duplicate-key")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise _refused(NAME, f"{name} is not allowed", "use a finite number", code="spec-not-finite")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise _refused(
            NAME,
            f"the number {digits[:20]}… is too large",
            f"use at most {_MAX_DIGITS} digits",
            code="spec-number-too-large",
        )
    return int(digits)


def _check_characters(given: dict[str, Any]) -> None:
    """JSON can contain unpaired surrogates, which cannot be encoded as UTF-8 later."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise _refused(
            NAME, f"{half} is an unpaired surrogate", "write the character itself", code="spec-surrogate"
        ) from error


def _refused(where: str, what: str, fix: str, code: str) -> Refused:
    return Refused((Problem(where, what.encode(errors="replace").decode(), fix, code=code),))
