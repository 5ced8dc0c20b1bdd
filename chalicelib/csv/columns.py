"""Classify the cells of one column as numbers or as the levels of a factor. Pure, streaming.

The container's rule: if one cell of a column is a number, all must be. Otherwise a stray "-" would silently turn
measurements into hundreds of levels."""

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Self

from chalicelib.csv.times import time_form

MISSING = frozenset({"", "NA", "N/A", "NaN", "null", "NULL"})
MAX_LEVEL_LENGTH = 256
MAX_LEVELS = 100
"""A text column with more levels is an identifier, not a factor; each level costs as much as a numeric column."""
_NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *", re.ASCII)
_WITH_COMMAS = re.compile(r" *[+-]?\d+(,\d+)+(\.\d+)? *", re.ASCII)
_EXAMPLES = 3
MAX_FEW_NUMBERS = 21
"""A numeric column's distinct values are listed up to this number: 20 folds in the column's order need as many."""
MAX_REMEMBERED = 200_000
"""Number of 64-bit row hashes kept: about 15 MB."""

Cell = tuple[int, str]
"""A cell to show in a message: its physical line and its text."""


@dataclass(frozen=True)
class Moments:
    """How many numbers there are, their mean, and the sum of their squared deviations from it.

    What a float cannot hold is its largest value, so that a deviation beyond all bounds stays beyond them."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> "Moments":
        """Deviations are from the first value: a large offset would take their digits."""
        apart = [value - values[0] for value in values]
        total = sum(apart)
        mean = values[0] + total / len(values)
        return _bounded(len(values), mean, sum(map(mul, apart, apart)) - total * total / len(values))

    def __add__(self, other: "Moments") -> "Moments":
        """Combine the moments of two samples (Chan, Golub and LeVeque 1979)."""
        if not self.count or not other.count:
            return self if self.count else other
        count, delta = self.count + other.count, other.mean - self.mean
        between = delta * delta * self.count * other.count / count
        return _bounded(count, self.mean + delta * other.count / count, self.squares + other.squares + between)


def _bounded(count: int, mean: float, squares: float) -> Moments:
    if math.isfinite(mean) and math.isfinite(squares):
        return Moments(count, mean, max(0.0, squares))
    return Moments(count, 0.0, sys.float_info.max)


@dataclass(frozen=True)
class Texts:
    """A text column's first cell, and the first that is not an ISO date written like that: None if all are."""

    first: Cell
    odd: Cell | None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Invert `asdict`, after a round trip through JSON."""
        return cls(tuple(values["first"]), values["odd"] and tuple(values["odd"]))


class Column:
    """Counts and examples of one column, accumulated block by block."""

    def __init__(self, name: str):
        self.name = name
        self.numbers = 0
        self.lowest = math.inf
        self.highest = -math.inf
        self.moments = Moments()
        self.missing = 0
        self.first_missing: int | None = None
        self.texts: list[Cell] = []
        self.text_count = 0
        self.levels: dict[str, None] = {}
        self.few_numbers: set[float] = set()
        """Its distinct numbers, if they are at most MAX_FEW_NUMBERS."""
        self._odd: Cell | None = None
        self._form: str | None = None

    @property
    def kind(self) -> str:
        """`number`, `text`, `mixed` (numbers and text) or `empty` (only missing values)."""
        if not self.text_count:
            return "empty" if self.missing and not self.numbers else "number"
        return "mixed" if self.numbers else "text"

    @property
    def texts_as_times(self) -> Texts:
        """Of a column with a text."""
        return Texts(self.texts[0], self._odd)

    @property
    def has_commas_for_numbers(self) -> bool:
        """Whether all its text values are numbers with commas, such as "5,1" or "1,234"."""
        return bool(self.levels) and all(_WITH_COMMAS.fullmatch(level) for level in self.levels)

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> set[int]:
        """Add the cells of one block. `lines` are where their records begin. Return the lines with a missing value."""
        values = _all_numbers(cells)
        if values is None:
            return self._add_one_by_one(cells, lines)
        self._add_numbers(values)
        return set()

    def _add_numbers(self, values: Sequence[float]) -> None:
        self.numbers += len(values)
        self.lowest = min(self.lowest, min(values))
        self.highest = max(self.highest, max(values))
        self.moments += Moments.of(values)
        if len(self.few_numbers) <= MAX_FEW_NUMBERS:
            self.few_numbers.update(values)

    def _add_one_by_one(self, cells: Sequence[str], lines: Sequence[int]) -> set[int]:
        missing = set()
        numbers = []
        for cell, line in zip(cells, lines, strict=True):
            if cell.strip() in MISSING:
                missing.add(line)
                self.first_missing = self.first_missing or line
            elif (value := number(cell)) is not None:
                numbers.append(value)
            else:
                self._add_text(cell[: MAX_LEVEL_LENGTH + 1], line)
        if numbers:
            self._add_numbers(numbers)
        self.missing += len(missing)
        return missing

    def _add_text(self, text: str, line: int) -> None:
        self.text_count += 1
        if len(self.texts) < _EXAMPLES:
            self.texts.append((line, text))
        if len(self.levels) <= MAX_LEVELS:
            self.levels[text] = None
        if self._odd is None:
            form = time_form(text)
            self._form = self._form or form
            if form is None or form != self._form:
                self._odd = line, text


def number(cell: str) -> float | None:
    """Return the finite decimal number in a cell, or None: `1_000`, `0x1F`, `inf` and overflows are not numbers.

    Surrounding spaces are allowed, tabs are not, as in R."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _all_numbers(cells: Sequence[str]) -> list[float] | None:
    """The fast path: return all cells as numbers, or None if one of them needs a closer look."""
    try:
        values = list(map(float, cells))
    except ValueError:
        return None
    if not math.isfinite(sum(values)):
        return None
    text = "".join(cells)
    return values if text.isascii() and text.isprintable() and "_" not in text else None


class Repeats:
    """Counts rows that duplicate an earlier one, among the first `MAX_REMEMBERED` distinct rows."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: set[int] = set()

    def add(self, fields: Sequence[str]) -> None:
        row = hash(tuple(fields))
        if row in self._seen:
            self.count += 1
        elif len(self._seen) < MAX_REMEMBERED:
            self._seen.add(row)
