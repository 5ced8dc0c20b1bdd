"""Unicode's general categories as Python's `re` can match them, which has no `\\p{…}`."""

import sys
import unicodedata
from functools import cache


@cache
def category(name: str) -> str:
    """All characters of a category such as L or Lu, as the contents of a character class; empty if it is unknown."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1) if 1 <= len(name) <= 2 else ():
        if not unicodedata.category(chr(code)).startswith(name):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
