"""A target's spread is accepted by the check of the data and by the container, or by neither."""

import random

from chalicelib.csv.dataset import check_tables
from chalicelib.fold_rule import FoldRule
from tests.support.container.functions import by_r
from tests.support.tables import a_table

UNITS = [f"e{power}" for power in (-300, -160, -155, -20, -16, -15, -14, 0, 13, 14, 15, 16, 20, 154, 160, 300)]


def some_targets() -> list[list[str]]:
    """In each unit: evenly spread, with one outlier, and close together beside a large offset."""
    noise = random.Random(1)
    even = [str(at) for at in range(20)]
    outlier = [*("0" for _ in range(199)), "9"]
    beside = [f"{7 + noise.random() / 1000:.6f}" for _ in range(20)]
    return [[f"{number}{unit}" for number in numbers] for unit in UNITS for numbers in (even, outlier, beside)]


def test_the_same_spreads_are_refused() -> None:
    targets = some_targets()

    found = by_r("answer(function(case) is_refused(check_target(as.numeric(unlist(case)), 'y')))", targets)

    assert 10 < sum(found) < len(found) - 10
    assert found == [is_refused(target) for target in targets]


def is_refused(target: list[str]) -> bool:
    table = a_table("y,x\n" + "".join(f"{cell},{at}\n" for at, cell in enumerate(target)))
    return bool(check_tables([table], [], "y", FoldRule(5)))
