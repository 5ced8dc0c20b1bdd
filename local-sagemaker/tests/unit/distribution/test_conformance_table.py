"""docs/conformance.md: what it names is there, and nothing that is answered is missing from it."""

import re
from pathlib import Path

import pytest

from support.sagemaker_world import World

UNIT = Path(__file__).parents[1]
HEAVY = UNIT.parents[2] / "tests" / "heavy"  # clients in environments of their own
TABLE = (UNIT.parents[1] / "docs" / "conformance.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.endswith("| Shown by |")
]
NAMED = re.compile(r"`([\w/]*test_\w+)::(\w+)`")


def test_every_row_is_answered_by_yes_or_by_no_and_why_and_names_a_test() -> None:
    assert len(ROWS) > 100
    assert [row for row in ROWS if len(row) != 3 or not NAMED.fullmatch(row[2])] == []
    assert [row for row in ROWS if row[1] != "yes" and not re.fullmatch(r"no: .+", row[1])] == []


def test_no_row_is_there_twice() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("module", sorted({module for module, _ in NAMED.findall(TABLE)}))
def test_every_test_that_the_table_names_exists(module: str) -> None:
    (file,) = (path for folder in (UNIT, HEAVY) if (path := folder / f"{module}.py").exists())
    defined = set(re.findall(r"^\s*def test_(\w+)\(", file.read_text(), re.MULTILINE))

    assert {name for found, name in NAMED.findall(TABLE) if found == module} - defined == set()


def test_every_operation_that_is_answered_is_in_the_table(tmp_path: Path) -> None:
    answered = World(None, tmp_path).sagemaker.operations | {"InvokeEndpoint"}

    assert answered == {row[0] for row in ROWS if row[0] in answered and row[1] == "yes"}
