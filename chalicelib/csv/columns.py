"""What the cells of one column mean: numbers, or the levels of a factor. Pure, streaming.

The rule is the container's: if one cell of a column is a number, all must be, for one stray "-" would turn
measurements into hundreds of levels without a word."""

import math
import re
from collections.abc import Sequence

MISSING = frozenset({"", "NA", "N/A", "NaN", "null", "NULL"})
MAX_LEVEL_LENGTH = 256
MAX_LEVELS = 100
"""A text column with more levels is an identifier, not a factor; each level costs as much as a column."""
_NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *", re.ASCII)
_WITH_COMMAS = re.compile(r" *[+-]?\d+(,\d+)+(\.\d+)? *", re.ASCII)
_EXAMPLES = 3
MAX_REMEMBERED = 200_000
"""Row hashes kept, of 64 bits: about 15 MB."""

Cell = tuple[int, str]
"""A cell worth naming: its physical line and its text."""


class Column:
    """Counts and examples of one column, grown block by block."""

    def __init__(self, name: str):
        self.name = name
        self.numbers = 0
        self.lowest = math.inf
        self.highest = -math.inf
        self.missing = 0
        self.first_missing: int | None = None
        self.texts: list[Cell] = []
        self.text_count = 0
        self.levels: dict[str, None] = {}

    @property
    def kind(self) -> str:
        """`number`, `text`, `mixed`: numbers with cells among them that are none, or `empty`: nothing but missing."""
        if not self.text_count:
            return "empty" if self.missing and not self.numbers else "number"
        return "mixed" if self.numbers else "text"

    @property
    def has_commas_for_numbers(self) -> bool:
        """Whether every text in it is a number to people who write "5,1" or "1,234"."""
        return bool(self.levels) and all(_WITH_COMMAS.fullmatch(level) for level in self.levels)

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> set[int]:
        """The cells of one block, with the line on which each one's record begins; the lines where one is missing."""
        values = _all_numbers(cells)
        if values is None:
            return self._add_one_by_one(cells, lines)
        self.numbers += len(values)
        self.lowest = min(self.lowest, min(values))
        self.highest = max(self.highest, max(values))
        return set()

    def _add_one_by_one(self, cells: Sequence[str], lines: Sequence[int]) -> set[int]:
        missing = set()
        for cell, line in zip(cells, lines, strict=True):
            if cell.strip() in MISSING:
                missing.add(line)
                self.first_missing = self.first_missing or line
            elif (value := number(cell)) is not None:
                self.numbers += 1
                self.lowest, self.highest = min(self.lowest, value), max(self.highest, value)
            else:
                self.text_count += 1
                if len(self.texts) < _EXAMPLES:
                    self.texts.append((line, cell[: MAX_LEVEL_LENGTH + 1]))
                if len(self.levels) <= MAX_LEVELS:
                    self.levels[cell[: MAX_LEVEL_LENGTH + 1]] = None
        self.missing += len(missing)
        return missing


def number(cell: str) -> float | None:
    """The finite decimal number in a cell, or None: no `1_000`, `0x1F` or `inf`, nothing that overflows.

    Blanks round it are allowed, tabs are not: R takes the same."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _all_numbers(cells: Sequence[str]) -> list[float] | None:
    """The fast path: all cells as numbers, or None when one of them needs a closer look."""
    try:
        values = list(map(float, cells))
    except ValueError:
        return None
    if not math.isfinite(sum(values)):
        return None
    text = "".join(cells)
    return values if text.isascii() and text.isprintable() and "_" not in text else None


class Repeats:
    """Counts the rows that stood there before, among the first `MAX_REMEMBERED` different ones."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: set[int] = set()

    def add(self, fields: Sequence[str]) -> None:
        row = hash(tuple(fields))
        if row in self._seen:
            self.count += 1
        elif len(self._seen) < MAX_REMEMBERED:
            self._seen.add(row)
