"""Is this CSV what it should be? Checked before anything is paid for, in one pass over its bytes. Pure.

R's own reader shifts columns, swallows rows and turns numbers into text without a word; every such case is
refused here by name, line and column. The container checks again.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.csv_bytes import Source
from chalicelib.csv_columns import MAX_LEVELS, Cell, Column
from chalicelib.errors import Problem, Refused

BLOCK_ROWS = 2_000
MAX_COLUMNS = 5_000
_FIELD = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
_RECORD = re.compile(rf"{_FIELD}(?:,{_FIELD})*(?:\r\n|\n|\r)?")
_SHOWN = 40


@dataclass(frozen=True)
class CsvSummary:
    """What one pass over a file found: `kinds` (`number`, `text`) and, of text columns, `levels`."""

    name: str
    sha256: str
    size_bytes: int
    rows: int
    columns: tuple[str, ...]
    kinds: Mapping[str, str]
    levels: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[float, float]]
    problems: tuple[Problem, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "CsvSummary":
        """The inverse of `to_dict`, after a round trip through JSON."""
        return cls(
            **{
                **values,
                "columns": tuple(values["columns"]),
                "levels": {name: tuple(levels) for name, levels in values["levels"].items()},
                "ranges": {name: (ends[0], ends[1]) for name, ends in values["ranges"].items()},
                "problems": tuple(Problem(**problem) for problem in values["problems"]),
            }
        )


def check_csv(name: str, chunks: Iterable[bytes]) -> CsvSummary:
    """Read the whole file and say all that is wrong with it; a fault in its shape ends the search."""
    source = Source(name, chunks)
    columns: list[Column] = []
    rows = 0
    problems: tuple[Problem, ...] = ()
    try:
        records = _records(name, source.lines())
        columns = _header(name, next(records, None))
        for block in _blocks(records):
            rows += len(block)
            _add(name, columns, block)
        problems = tuple(_problems(name, columns, rows))
    except Refused as refused:
        problems = refused.problems
    numbers = [column for column in columns if column.kind == "number" and column.numbers]
    return CsvSummary(
        name=name,
        sha256=source.finish(),
        size_bytes=source.size_bytes,
        rows=rows,
        columns=tuple(column.name for column in columns),
        kinds={column.name: column.kind for column in columns},
        levels={column.name: tuple(column.levels) for column in columns if column.kind == "text"},
        ranges={column.name: (column.lowest, column.highest) for column in numbers},
        problems=problems,
    )


Record = tuple[int, list[str]]
"""The physical line on which a record begins, and its fields."""


def _records(name: str, lines: Iterator[str]) -> Iterator[Record]:
    """Every record that is not empty. Raises: Refused: a quote is not closed, or stands inside a field."""
    raw: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            raw.append(line)
            yield line

    reader = csv.reader(remembered(), strict=True)
    line = 1
    while True:
        raw.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(f"{name} line {line}", "has a quote that is not closed", "close it") from error
        if any('"' in text for text in raw) and not _RECORD.fullmatch("".join(raw)):
            fix = "put the field in quotes and write the quote twice"
            raise _refused(f"{name} line {line}", "has a quote inside a field", fix)
        if fields:
            yield line, fields
        line = reader.line_num + 1


def _header(name: str, record: Record | None) -> list[Column]:
    if record is None:
        raise _refused(name, "is empty", "it needs a header and rows")
    names = record[1]
    if len(names) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in names[0]:
                fix = "save it with commas, and with points in decimal numbers"
                raise _refused(name, f"is separated by {word}, not by commas", fix)
    if len(names) > MAX_COLUMNS:
        raise _refused(name, f"has {len(names)} columns, {MAX_COLUMNS} are allowed", "take fewer")
    blank = next((number for number, text in enumerate(names, start=1) if not text.strip()), None)
    if blank:
        raise _refused(name, f"column {blank} has no name", "name it in the header")
    seen: dict[str, str] = {}
    for text in names:
        known = seen.get(text.strip().casefold())
        if known is not None:
            alike = "twice" if known == text else f"and `{_cut(known)}`, which differ only in case or blanks"
            raise _refused(name, f"names the column `{_cut(text)}` {alike}", "rename one of them")
        seen[text.strip().casefold()] = text
    return [Column(text) for text in names]


def _blocks(records: Iterator[Record]) -> Iterator[list[Record]]:
    block: list[Record] = []
    for record in records:
        block.append(record)
        if len(block) == BLOCK_ROWS:
            yield block
            block = []
    if block:
        yield block


def _add(name: str, columns: list[Column], block: list[Record]) -> None:
    width = len(columns)
    for line, fields in block:
        if len(fields) != width:
            raise _wrong_width(name, line, fields, width, every_row=all(len(f) == width + 1 for _, f in block))
    lines = [line for line, _ in block]
    for column, cells in zip(columns, zip(*(fields for _, fields in block), strict=True), strict=True):
        column.add(cells, lines)


def _wrong_width(name: str, line: int, fields: list[str], width: int, every_row: bool) -> Refused:
    if every_row:
        what = f"has {width} fields in its header and {width + 1} in its rows"
        return _refused(name, what, "one column has no name: complete the header")
    short = "the file may be cut off; upload it again"
    fix = short if len(fields) < width else "a comma within text needs quotes round the text"
    return _refused(f"{name} line {line}", f"has {len(fields)} fields, its header has {width}", fix)


def _problems(name: str, columns: list[Column], rows: int) -> Iterator[Problem]:
    if rows == 0:
        yield Problem(name, "has a header and no rows", "add rows, or remove the file")
    for column in columns:
        if column.missing:
            where = f"{name} line {column.first_missing}, column `{_cut(column.name)}`"
            count = f" (and {column.missing - 1} more)" if column.missing > 1 else ""
            yield Problem(where, f"has a missing value{count}", "fill it in, or leave the row out")
        if column.kind == "mixed":
            yield Problem(
                name, f"column `{_cut(column.name)}` holds numbers and {_named(column.texts)}", "correct them"
            )
        elif column.kind == "text" and len(column.levels) > MAX_LEVELS:
            what = f"column `{_cut(column.name)}` is text with more than {MAX_LEVELS} different values"
            yield Problem(name, what, "leave it out if it is an identifier, or group its values")


def _named(cells: list[Cell]) -> str:
    return ", ".join(f'"{_cut(text)}" (line {line})' for line, text in cells)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _refused(where: str, what: str, fix: str) -> Refused:
    return Refused((Problem(where, what, fix),))
