"""The moments of a column's numbers, from which their standard deviation follows."""

import math
import statistics
import sys
from collections.abc import Sequence

import pytest

from chalicelib.csv.columns import Column, Moments

OFFSETS = [0.0, 1e9, -1e15]


def of_blocks(*blocks: Sequence[str]) -> Moments:
    column = Column("y")
    for cells in blocks:
        column.add(cells, range(len(cells)))
    return column.moments


@pytest.mark.parametrize("offset", OFFSETS)
def test_they_are_those_of_all_blocks_together_whatever_the_offset(offset: float) -> None:
    numbers = [offset + at * at / 8 for at in range(40)]
    cells = [repr(number) for number in numbers]

    found = of_blocks(cells[:7], cells[7:8], ["", *cells[8:]])

    assert found.count == 40
    assert math.isclose(found.mean, statistics.mean(numbers), rel_tol=1e-12)
    assert math.isclose(found.squares, 39 * statistics.variance(numbers), rel_tol=1e-9)


def test_missing_values_and_text_do_not_count() -> None:
    assert of_blocks(["NA", "1", "3", "-"]) == Moments(2, 2.0, 2.0)


def test_without_numbers_there_are_none() -> None:
    assert of_blocks(["a", ""]) == Moments()


@pytest.mark.parametrize("cells", [["1e308", "-1e308", "0"], ["1e200", "0", "0"]])
def test_what_no_float_holds_is_the_largest(cells: list[str]) -> None:
    assert of_blocks(cells[:1], cells[1:]).squares == of_blocks(cells).squares == sys.float_info.max
