"""Is this CSV what it should be? Checked before anything is paid for, in one pass over its bytes. Pure.

R's own reader shifts columns, swallows rows and turns numbers into text without a word; every such case is
refused here by name, line and column. The container checks again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.csv.bytes import Source
from chalicelib.csv.columns import MAX_LEVEL_LENGTH, Column, Repeats
from chalicelib.csv.records import Record, cut, header, records, wrong_width
from chalicelib.errors import Problem, Refused

BLOCK_BYTES = 8 * 1024**2
"""Rows are counted column by column, so a block of them is held at once."""
CELL_BYTES = 64
"""What a cell weighs in Python beyond its text."""


@dataclass(frozen=True)
class CsvSummary:
    """What one pass over a file found. `kinds` are `number`, `text`, `mixed`, always with a problem, or `empty`.

    `levels` are those of the text columns, MAX_LEVELS + 1 at most; `ranges` the numbers' least and greatest;
    `missing` how many values the columns lack that lack any, `gaps` the problems that these are if nobody says
    what to do about them, `incomplete_rows` how many rows lack a value."""

    name: str
    sha256: str
    size_bytes: int
    rows: int
    columns: tuple[str, ...]
    kinds: Mapping[str, str]
    levels: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[float, float]]
    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    missing: Mapping[str, int]
    incomplete_rows: int = 0
    repeated_rows: int = 0

    def refusals(self, missing: str) -> tuple[Problem, ...]:
        """Every problem of the file, where missing values are dealt with as the tuning spec's `missing` says."""
        return (*self.problems, *self.gaps) if missing == "error" else self.problems

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
                "gaps": tuple(Problem(**problem) for problem in values["gaps"]),
            }
        )


def check_csv(name: str, chunks: Iterable[bytes]) -> CsvSummary:
    """Read the whole file and say all that is wrong with it; a fault in its shape ends the search.

    `name` is what messages call the file; one that ends in .gz must be gzip, another must not. Never raises for what
    is in the file; what `chunks` raises passes through. `sha256` is of all its bytes, whatever is wrong."""
    source = Source(name, chunks)
    columns: list[Column] = []
    repeats = Repeats()
    rows = incomplete = 0
    problems: tuple[Problem, ...] = ()
    try:
        found = records(name, source.lines())
        columns = [Column(text) for text in header(name, next(found, None))]
        for block in _blocks(found):
            rows += len(block)
            incomplete += _add(name, columns, repeats, block)
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
        gaps=tuple(_gaps(name, columns)),
        missing={column.name: column.missing for column in columns if column.missing},
        incomplete_rows=incomplete,
        repeated_rows=repeats.count,
    )


def _blocks(records: Iterator[Record]) -> Iterator[list[Record]]:
    block: list[Record] = []
    size_bytes = 0
    for record in records:
        block.append(record)
        size_bytes += sum(map(len, record[1]), CELL_BYTES * len(record[1]))
        if size_bytes >= BLOCK_BYTES:
            yield block
            block, size_bytes = [], 0
    if block:
        yield block


def _add(name: str, columns: list[Column], repeats: Repeats, block: list[Record]) -> int:
    """How many of the block's rows lack a value."""
    wrong = wrong_width(name, len(columns), block)
    if wrong:
        raise wrong
    lines = [line for line, _ in block]
    for _, fields in block:
        repeats.add(fields)
    incomplete: set[int] = set()
    for column, cells in zip(columns, zip(*(fields for _, fields in block), strict=True), strict=True):
        incomplete |= column.add(cells, lines)
    return len(incomplete)


def _gaps(name: str, columns: list[Column]) -> Iterator[Problem]:
    for column in columns:
        if column.missing:
            where = f"{name} line {column.first_missing}, column `{cut(column.name)}`"
            count = f" (and {column.missing - 1} more)" if column.missing > 1 else ""
            fix = "fill it in, leave the row out, or set `missing` to drop or impute"
            yield Problem(where, f"has a missing value{count}", fix)


def _problems(name: str, columns: list[Column], rows: int) -> Iterator[Problem]:
    if rows == 0:
        yield Problem(name, "has a header and no rows", "add rows, or remove the file")
    for column in columns:
        if column.kind == "mixed":
            what = f"column `{cut(column.name)}` holds numbers and {_named(column)}"
            yield Problem(name, what, "make all of its cells numbers, or none")
        elif any(len(level) > MAX_LEVEL_LENGTH for level in column.levels):
            what = f"column `{cut(column.name)}` has text of more than {MAX_LEVEL_LENGTH} characters"
            yield Problem(name, what, "leave it out: free text is no feature")
        elif column.has_commas_for_numbers:
            what = f"column `{cut(column.name)}` has numbers with commas, {_named(column)}"
            yield Problem(name, what, "write points in decimal numbers, and nothing between thousands")


def _named(column: Column) -> str:
    """The first cells that are no numbers, each with its line."""
    cells = ", ".join(f'"{cut(text)}" (line {line})' for line, text in column.texts)
    more = column.text_count - len(column.texts)
    return f"{cells} and {more} more" if more else cells
