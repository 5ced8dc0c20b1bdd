"""Split lines of text into CSV records, strictly by RFC 4180. Pure, streaming.

Python's csv module accepts input that R's reader would shift, swallow or split differently; all of it is refused
here."""

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
"""A record: the physical line on which it begins, and its fields."""


def records(name: str, lines: Iterator[str]) -> Iterator[Record]:
    """Yield every record, skipping empty lines. Raises: Refused: a quote is not closed, or is inside a field."""
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
    """Return the column names, unmodified. Raises: Refused: the names do not identify the columns."""
    if record is None:
        raise refused(name, "is empty", "it needs a header and rows", code="empty-file")
    names = record[1]
    if len(names) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in names[0]:
                fix = "save it with commas between fields, and with decimal points"
                raise refused(name, f"is separated by {word}, not by commas", fix, code="wrong-separator")
    if len(names) > MAX_COLUMNS:
        raise refused(
            name,
            f"has {len(names)} columns, but at most {MAX_COLUMNS} are allowed",
            "use fewer",
            code="too-many-columns",
        )
    blank = next((number for number, text in enumerate(names, start=1) if not text.strip()), None)
    if blank:
        raise refused(name, f"column {blank} has no name", "name it in the header", code="column-without-name")
    _check_doubles(name, names)
    return names


def wrong_width(name: str, width: int, block: Sequence[Record]) -> Refused | None:
    """Return the refusal of a block with a row that has more or fewer fields than the header, or None."""
    line, found = next(((line, len(fields)) for line, fields in block if len(fields) != width), (0, width))
    if found == width:
        return None
    if len(block) > 1 and all(len(fields) == found for _, fields in block):
        what = f"has {width} fields in its header but {found} in its rows"
        if found == width + 1:
            return refused(name, what, "a column has no name; complete the header", code="header-too-short")
        return refused(name, what, "the header and the rows must have the same number of fields", code="header-width")
    short = "the file may be cut off; upload it again"
    fix = short if found < width else "text that contains a comma must be quoted"
    return refused(f"{name} line {line}", f"has {found} fields, but the header has {width}", fix, code="row-width")


def cut(text: str) -> str:
    """Shorten a text for display."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def refused(where: str, what: str, fix: str, code: str) -> Refused:
    return Refused((Problem(where, what, fix, code=code),))


def _remembered(name: str, lines: Iterator[str], raw: list[str]) -> Iterator[str]:
    """Yield the lines; `raw` keeps those of the record that is being read."""
    size = 0
    for number, line in enumerate(lines, start=1):
        size = size + len(line) if raw else len(line)
        if size > MAX_RECORD:
            raise _not_closed(name, number - len(raw), raw)
        raw.append(line)
        yield line


def _misread(name: str, line: int, raw: list[str], error: str) -> Refused:
    if error.startswith("new-line character"):
        fix = "save it with LF or CRLF line endings"
        return refused(f"{name} line {line}", "has a carriage return in the middle", fix, code="carriage-return")
    if error.startswith("field larger") and len(raw) == 1:
        what = f"has a field longer than {csv.field_size_limit()} characters"
        return refused(f"{name} line {line}", what, "shorten it", code="field-too-long")
    if "expected after" in error:
        return _not_closed(name, line, raw[:-1]) if len(raw) > 1 else _quote_inside(name, line)
    return _not_closed(name, line, raw)


def _not_closed(name: str, line: int, raw: list[str]) -> Refused:
    """Name the line of the last quote that opens in `raw`, whose first line is number `line`."""
    opened, is_open = line, False
    for number, text in enumerate(raw, start=line):
        quotes = text.replace('""', "").count('"')
        if quotes > (1 if is_open else 0):
            opened = number
        is_open ^= quotes % 2 == 1
    return refused(
        f"{name} line {opened}",
        "opens a quote that is not closed",
        "close it, or double it if it is part of the text",
        code="quote-not-closed",
    )


def _quote_inside(name: str, line: int) -> Refused:
    fix = "quote the field and double the quote"
    return refused(f"{name} line {line}", "has a quote inside a field", fix, code="quote-inside-field")


def _check_doubles(name: str, names: list[str]) -> None:
    seen: dict[str, str] = {}
    for text in names:
        known = seen.get(text.strip().casefold())
        if known is not None:
            alike = "twice" if known == text else f"and `{cut(known)}`, which differ only in case or blanks"
            raise refused(name, f"names the column `{cut(text)}` {alike}", "rename one of them", code="column-twice")
        seen[text.strip().casefold()] = text
