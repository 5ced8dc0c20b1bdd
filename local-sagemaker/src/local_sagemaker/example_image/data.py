"""Reads CSV, and encodes it as numbers: text columns are categories, one number each."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_CATEGORIES = 20


class InvalidData(ValueError):
    """The data cannot be used; the message names the place and what is expected there."""


@dataclass(frozen=True)
class Row:
    """`place` is for messages, such as `a.csv line 3`."""

    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows with as many cells as there are names."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> list[tuple[str, str]]:
        """The place and the cell of each row."""
        index = self.names.index(name)
        return [(row.place, row.cells[index]) for row in self.rows]


@dataclass(frozen=True)
class Feature:
    """A column that predictions are made from; without categories it holds numbers."""

    name: str
    categories: tuple[str, ...] = ()

    def encoded(self, place: str, cell: str) -> list[float]:
        """Raises: InvalidData: the cell is not a number, or not one of the categories."""
        if not self.categories:
            return [number(place, self.name, cell)]
        if cell not in self.categories:
            raise InvalidData(f"{place}: {self.name} must be one of {', '.join(self.categories)}, not {cell!r}")
        return [float(cell == category) for category in self.categories]


def read(folder: Path) -> Table:
    """Read all CSV files below a folder, which have the same header. Raises: InvalidData."""
    tables = [parse(path.name, path.read_text(encoding="utf-8-sig")) for path in sorted(folder.rglob("*.csv"))]
    if not tables:
        raise InvalidData(f"the channel {folder.name} has no file whose name ends in .csv")
    if len({table.names for table in tables}) > 1:
        raise InvalidData(f"the CSV files of the channel {folder.name} must have the same header")
    return Table(tables[0].names, tuple(row for table in tables for row in table.rows))


def parse(source: str, text: str) -> Table:
    """Parse CSV with a header. Raises: InvalidData."""
    records = _records(text)
    if not records:
        raise InvalidData(f"{source} is empty")
    (_, header), *rest = records
    if len(set(header)) < len(header):
        raise InvalidData(f"{source}: the names in the header must differ")
    return Table(header, tuple(_row(f"{source} line {line}", cells, len(header)) for line, cells in rest))


def parse_like(source: str, text: str, features: Sequence[Feature]) -> Table:
    """Parse CSV whose header, if it has one, contains the names of all features. Raises: InvalidData."""
    records, names = _records(text), tuple(feature.name for feature in features)
    if records and set(names) <= set(records[0][1]):
        return parse(source, text)
    return Table(names, tuple(_row(f"{source} line {line}", cells, len(names)) for line, cells in records))


def features_of(table: Table, target: str) -> tuple[Feature, ...]:
    """All columns but the target. Raises: InvalidData."""
    return tuple(_feature(name, table.column(name)) for name in table.names if name != target)


def encode(table: Table, features: Iterable[Feature]) -> list[list[float]]:
    """The numbers of each row. Raises: InvalidData."""
    columns = [[one.encoded(place, cell) for place, cell in table.column(one.name)] for one in features]
    return [[value for values in row for value in values] for row in zip(*columns, strict=True)]


def number(place: str, name: str, cell: str) -> float:
    """Raises: InvalidData."""
    if not _is_number(cell):
        raise InvalidData(f"{place}: {name} must be a number, not {cell!r}")
    return float(cell)


def _feature(name: str, column: Sequence[tuple[str, str]]) -> Feature:
    texts = {cell: place for place, cell in column if not _is_number(cell)}
    if not texts:
        return Feature(name)
    categories = sorted({cell for _, cell in column})
    if len(categories) > MOST_CATEGORIES:
        text, place = next(iter(texts.items()))
        fix = f"only numbers, or at most {MOST_CATEGORIES} categories"
        raise InvalidData(f"{place}: {name} is {text!r}; a column must have {fix}, and it has {len(categories)} values")
    return Feature(name, tuple(categories))


def _records(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The line and the cells of each record."""
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    return [(reader.line_num, tuple(cell.strip() for cell in cells)) for cells in reader if cells]


def _row(place: str, cells: tuple[str, ...], width: int) -> Row:
    if len(cells) != width:
        raise InvalidData(f"{place} must have {width} fields, not {len(cells)}")
    return Row(place, cells)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
