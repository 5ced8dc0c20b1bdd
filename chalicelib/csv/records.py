"""Lines of text as a CSV's records: RFC 4180, strictly. Pure, streaming.

Python's csv reads what R's reader would shift, swallow or split another way; each of those is refused here."""

import csv
import re
from collections.abc import Iterator, Sequence

from chalicelib.errors import Problem, Refused

MAX_COLUMNS = 5_000
MAX_RECORD = 4 * 1024**2
_FIELD = r'(?:"[^"]*(?:""[^"]*)*"|[^",\r\n]*)'
_RECORD = re.compile(rf"{_FIELD}(?:,{_FIELD})*(?:\r?\n|\r)?")
_SHOWN = 40

Record = tuple[int, list[str]]
"""The physical line on which a record begins, and its fields."""


def records(name: str, lines: Iterator[str]) -> Iterator[Record]:
    """Every record that is not an empty line. Raises: Refused: a quote is not closed, or stands inside a field."""
    raw: list[str] = []
    reader = csv.reader(_remembered(name, lines, raw), strict=True)
    line = 1
    while True:
        raw.clear()
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise _misread(name, line, raw, str(error)) from error
        if fields is None:
            return
        if any('"' in text for text in raw) and not _RECORD.fullmatch("".join(raw)):
            raise _quote_inside(name, line)
        if fields:
            yield line, fields
        line = reader.line_num + 1


def header(name: str, record: Record | None) -> list[str]:
    """The columns' names, raw. Raises: Refused: they cannot tell the columns apart."""
    if record is None:
        raise refused(name, "is empty", "it needs a header and rows")
    names = record[1]
    if len(names) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in names[0]:
                fix = "save it with commas, and with points in decimal numbers"
                raise refused(name, f"is separated by {word}, not by commas", fix)
    if len(names) > MAX_COLUMNS:
        raise refused(name, f"has {len(names)} columns, {MAX_COLUMNS} are allowed", "take fewer")
    blank = next((number for number, text in enumerate(names, start=1) if not text.strip()), None)
    if blank:
        raise refused(name, f"column {blank} has no name", "name it in the header")
    _check_doubles(name, names)
    return names


def wrong_width(name: str, width: int, block: Sequence[Record]) -> Refused | None:
    """What is wrong with a block of which a row is not as wide as the header; None if none is."""
    line, found = next(((line, len(fields)) for line, fields in block if len(fields) != width), (0, width))
    if found == width:
        return None
    if len(block) > 1 and all(len(fields) == found for _, fields in block):
        what = f"has {width} fields in its header and {found} in its rows"
        if found == width + 1:
            return refused(name, what, "one column has no name: complete the header")
        return refused(name, what, "header and rows must agree")
    short = "the file may be cut off; upload it again"
    fix = short if found < width else "a comma within text needs quotes round the text"
    return refused(f"{name} line {line}", f"has {found} fields, its header has {width}", fix)


def cut(text: str) -> str:
    """A text short enough to be shown."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def refused(where: str, what: str, fix: str) -> Refused:
    return Refused((Problem(where, what, fix),))


def _remembered(name: str, lines: Iterator[str], raw: list[str]) -> Iterator[str]:
    """The lines; those of the record being read stay in `raw`."""
    size = 0
    for number, line in enumerate(lines, start=1):
        size = size + len(line) if raw else len(line)
        if size > MAX_RECORD:
            raise _not_closed(name, number - len(raw), raw)
        raw.append(line)
        yield line


def _misread(name: str, line: int, raw: list[str], error: str) -> Refused:
    if error.startswith("new-line character"):
        fix = "save it with LF or CRLF at the lines' ends"
        return refused(f"{name} line {line}", "has a carriage return in the middle", fix)
    if error.startswith("field larger") and len(raw) == 1:
        return refused(f"{name} line {line}", f"has a field of more than {csv.field_size_limit()} characters", "cut it")
    if "expected after" in error:
        return _not_closed(name, line, raw[:-1]) if len(raw) > 1 else _quote_inside(name, line)
    return _not_closed(name, line, raw)


def _not_closed(name: str, line: int, raw: list[str]) -> Refused:
    """Names the line of the last quote that opens in `raw`, whose first line is number `line`."""
    opened, is_open = line, False
    for number, text in enumerate(raw, start=line):
        quotes = text.replace('""', "").count('"')
        if quotes > (1 if is_open else 0):
            opened = number
        is_open ^= quotes % 2 == 1
    return refused(f"{name} line {opened}", "opens a quote that is not closed", "close it, or write it twice")


def _quote_inside(name: str, line: int) -> Refused:
    fix = "put the field in quotes and write the quote twice"
    return refused(f"{name} line {line}", "has a quote inside a field", fix)


def _check_doubles(name: str, names: list[str]) -> None:
    seen: dict[str, str] = {}
    for text in names:
        known = seen.get(text.strip().casefold())
        if known is not None:
            alike = "twice" if known == text else f"and `{cut(known)}`, which differ only in case or blanks"
            raise refused(name, f"names the column `{cut(text)}` {alike}", "rename one of them")
        seen[text.strip().casefold()] = text
