"""What the cells of one column mean: numbers, or the levels of a factor. Pure, streaming.

The rule is the container's: if one cell of a column is a number, all must be, for one stray "-" would turn
measurements into hundreds of levels without a word."""

import math
import re
from collections.abc import Sequence

MISSING = frozenset({"", "NA", "N/A", "NaN", "null", "NULL"})
MAX_LEVELS = 100
"""A text column with more levels is an identifier, not a factor; each level costs as much as a column."""
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_EXAMPLES = 3

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
        """`number`, `text`, or `mixed`: numbers with cells among them that are none."""
        if not self.text_count:
            return "number"
        return "mixed" if self.numbers else "text"

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """The cells of one block, with the line on which each one's record begins."""
        values = _all_numbers(cells)
        if values is None:
            self._add_one_by_one(cells, lines)
            return
        self.numbers += len(values)
        self.lowest = min(self.lowest, min(values))
        self.highest = max(self.highest, max(values))

    def _add_one_by_one(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        for cell, line in zip(cells, lines, strict=True):
            if cell.strip() in MISSING:
                self.missing += 1
                self.first_missing = self.first_missing or line
            elif (value := number(cell)) is not None:
                self.numbers += 1
                self.lowest, self.highest = min(self.lowest, value), max(self.highest, value)
            else:
                self.text_count += 1
                if len(self.texts) < _EXAMPLES:
                    self.texts.append((line, cell))
                if len(self.levels) <= MAX_LEVELS:
                    self.levels[cell] = None


def number(cell: str) -> float | None:
    """The finite decimal number in a cell, or None: no `1_000`, `0x1F` or `inf`, nothing that overflows."""
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
    return values if values and text.isascii() and "_" not in text else None
