"""Check a CSV file in one pass over its bytes, before anything is paid for. Pure.

R's own reader silently shifts columns, swallows rows and turns numbers into text; each such case is refused here
by name, line and column. The container checks again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.csv.bytes import Source
from chalicelib.csv.columns import MAX_FEW_NUMBERS, MAX_LEVEL_LENGTH, Column, Moments, Repeats, Texts
from chalicelib.csv.records import Record, cut, header, records, wrong_width
from chalicelib.errors import Problem, Refused

BLOCK_BYTES = 8 * 1024**2
"""Rows are counted column by column, so one block of them is held in memory."""
CELL_BYTES = 64
"""Memory that Python needs for a cell besides its text."""


@dataclass(frozen=True)
class CsvSummary:
    """What one pass over a file found. `kinds` are `number`, `text`, `mixed` (always with a problem) or `empty`.

    `levels` and `texts` belong to the text columns, at most MAX_LEVELS + 1 levels each; `ranges` are the numbers'
    minimum and maximum, `moments` their count, mean and sum of squared deviations, `few_numbers` the distinct ones of
    columns with at most MAX_FEW_NUMBERS.
    `missing` counts the missing values of each column that has any, `first_missing` is the line of the first;
    `gaps` are the problems that they cause unless the tuning spec says how to handle them; `incomplete_rows` counts the
    rows with a missing value."""

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
    moments: Mapping[str, Moments]
    first_missing: Mapping[str, int]
    texts: Mapping[str, Texts]
    few_numbers: Mapping[str, tuple[float, ...]]
    incomplete_rows: int = 0
    repeated_rows: int = 0

    def refusals(self, missing: str) -> tuple[Problem, ...]:
        """Return every problem of the file, with missing values handled as the tuning spec's `missing` says."""
        return (*self.problems, *self.gaps) if missing == "error" else self.problems

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "CsvSummary":
        """Invert `to_dict`, after a round trip through JSON."""
        return cls(
            **{
                **values,
                "columns": tuple(values["columns"]),
                "levels": {name: tuple(levels) for name, levels in values["levels"].items()},
                "ranges": {name: (ends[0], ends[1]) for name, ends in values["ranges"].items()},
                "moments": {name: Moments(**moments) for name, moments in values["moments"].items()},
                "problems": tuple(Problem(**problem) for problem in values["problems"]),
                "gaps": tuple(Problem(**problem) for problem in values["gaps"]),
                "texts": {name: Texts.from_dict(texts) for name, texts in values["texts"].items()},
                "few_numbers": {name: tuple(numbers) for name, numbers in values["few_numbers"].items()},
            }
        )


def check_csv(name: str, chunks: Iterable[bytes]) -> CsvSummary:
    """Read the whole file and report every problem in it; a structural problem ends the check.

    `name` is the file's name in messages; the file must be gzip if and only if its name ends in .gz. Never raises
    because of the file's content; what `chunks` raises passes through. `sha256` always covers all bytes."""
    source, table = Source(name, chunks), _Table(name)
    problems = table.read(source.lines())
    columns = table.columns
    numbers = [column for column in columns if column.kind == "number" and column.numbers]
    return CsvSummary(
        name=name,
        sha256=source.finish(),
        size_bytes=source.size_bytes,
        rows=table.rows,
        columns=tuple(column.name for column in columns),
        kinds={column.name: column.kind for column in columns},
        levels={column.name: tuple(column.levels) for column in columns if column.kind == "text"},
        ranges={column.name: (column.lowest, column.highest) for column in numbers},
        moments={column.name: column.moments for column in numbers},
        problems=problems,
        gaps=tuple(_gaps(name, columns)),
        missing={column.name: column.missing for column in columns if column.missing},
        first_missing={column.name: column.first_missing for column in columns if column.first_missing},
        texts={column.name: column.texts_as_times for column in columns if column.kind == "text"},
        few_numbers={
            column.name: tuple(sorted(column.few_numbers))
            for column in numbers
            if len(column.few_numbers) <= MAX_FEW_NUMBERS
        },
        incomplete_rows=table.incomplete_rows,
        repeated_rows=table.repeats.count,
    )


@dataclass
class _Table:
    """What was read of a file, up to its end or its first structural problem."""

    name: str
    columns: list[Column] = field(default_factory=list)
    repeats: Repeats = field(default_factory=Repeats)
    rows: int = 0
    incomplete_rows: int = 0

    def read(self, lines: Iterator[str]) -> tuple[Problem, ...]:
        """Read to the end or to a structural problem, and return the problems but for missing values."""
        found = records(self.name, lines)
        try:
            self.columns = [Column(text) for text in header(self.name, next(found, None))]
            for block in _blocks(found):
                self.rows += len(block)
                self.incomplete_rows += self._add(block)
        except Refused as refused:
            return refused.problems
        return tuple(_problems(self.name, self.columns, self.rows))

    def _add(self, block: list[Record]) -> int:
        """Add a block to the columns; return how many of its rows have a missing value."""
        wrong = wrong_width(self.name, len(self.columns), block)
        if wrong:
            raise wrong
        lines = [line for line, _ in block]
        for _, fields in block:
            self.repeats.add(fields)
        incomplete: set[int] = set()
        for column, cells in zip(self.columns, zip(*(fields for _, fields in block), strict=True), strict=True):
            incomplete |= column.add(cells, lines)
        return len(incomplete)


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


def _gaps(name: str, columns: list[Column]) -> Iterator[Problem]:
    for column in columns:
        if column.missing:
            where = f"{name} line {column.first_missing}, column `{cut(column.name)}`"
            count = f" (and {column.missing - 1} more)" if column.missing > 1 else ""
            fix = "fill it in, remove the row, or set `missing` to drop or impute"
            yield Problem(where, f"has a missing value{count}", fix, code="missing-value")


def _problems(name: str, columns: list[Column], rows: int) -> Iterator[Problem]:
    if rows == 0:
        yield Problem(name, "has a header but no rows", "add rows, or remove the file", code="no-rows")
    for column in columns:
        if column.kind == "mixed":
            what = f"column `{cut(column.name)}` mixes numbers with {_named(column)}"
            yield Problem(name, what, "make all of its cells numbers, or none of them", code="mixed-column")
        elif any(len(level) > MAX_LEVEL_LENGTH for level in column.levels):
            what = f"column `{cut(column.name)}` has text longer than {MAX_LEVEL_LENGTH} characters"
            yield Problem(name, what, "leave it out; free text cannot be a feature", code="free-text")
        elif column.has_commas_for_numbers:
            what = f"column `{cut(column.name)}` has numbers with commas, {_named(column)}"
            yield Problem(name, what, "use decimal points and no thousands separators", code="number-format")


def _named(column: Column) -> str:
    """List the first cells that are not numbers, each with its line."""
    cells = ", ".join(f'"{cut(text)}" (line {line})' for line, text in column.texts)
    more = column.text_count - len(column.texts)
    return f"{cells} and {more} more" if more else cells
