"""Translates the service model's patterns from Java to Python; where the two differ, Java's meaning is kept."""

import re
from functools import cache

from local_sagemaker.sagemaker.protocol.categories import category

_CLASSES = {"d": "0-9", "w": "a-zA-Z_0-9", "s": r"\t\n\x0b\f\r ", "S": r"\x00-\x08\x0e-\x1f!-\U0010ffff"}
"""Java's classes are ASCII only."""
_ANY = r"[^\n\r\u0085\u2028\u2029]"
"""Java's `.` excludes every line terminator, Python's only line feeds."""
_NAMED = {
    "Alnum": "a-zA-Z0-9",
    "L": r"\w",  # wherever the model allows letters, it also allows numbers and the underscore
    "N": r"\d",
    "Z": r"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
}
_TOKEN = re.compile(r"\\p\{(\w+)\}|\\(.)|(\[\^?)|(\])|(\.)|(\$\{\d+,\d+\})|(.)", re.DOTALL)
_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
"""A Java pattern's notation for all characters beyond the basic plane."""


@cache
def matcher(pattern: str) -> re.Pattern[str]:
    """The compiled pattern; use it with `fullmatch`, which corresponds to Java's `matches`."""
    return re.compile(_translated(pattern.replace(_SURROGATES, r"\U00010000-\U0010FFFF")))


def _translated(pattern: str) -> str:
    in_class, out = False, []
    for found in _TOKEN.finditer(pattern):
        named, escaped, opens, closes, dot, repeated_end, other = found.groups()
        if named:
            members = _NAMED.get(named) or category(named)
            out.append(members if in_class else f"[{members}]")
        elif escaped:
            out.append(_escape(escaped, in_class))
        elif dot:
            out.append("." if in_class else _ANY)
        elif repeated_end:
            out.append("$")  # repeated ends are one end
        else:
            out.append(opens or closes or other)
        in_class = (in_class and not closes) or bool(opens)
    return "".join(out)


def _escape(letter: str, in_class: bool) -> str:
    if letter in _CLASSES:
        return _CLASSES[letter] if in_class else f"[{_CLASSES[letter]}]"
    return f"\\{letter}"
