"""What `explain` knows of the training jobs to come, from a bucket with memory only."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.csv.file import CsvSummary
from chalicelib.dataset import FileVersion, Listing
from chalicelib.settings import Ceilings
from cli.data.training import MOST_FILES, plan_of
from tests.support.specs import CEILINGS
from tests.support.tables import TWENTY, checked

MIB = 1024**2
ROWS = "Folds: 5 of 20 rows, encoded in 1 column"
RULES = "Folds: their models' average is served"


@dataclass
class World:
    """A stack as `plan_of` uses it, its bucket in one; every file has the same check."""

    spec: str = '{"target": "y"}'
    check: CsvSummary | None = field(default_factory=lambda: checked(TWENTY))
    files: int = 1
    size: int = 100
    ceilings: Ceilings = CEILINGS

    bucket = property(lambda self: self)

    def listing(self, dataset: str) -> Listing:
        files = [FileVersion(f"datasets/sales/train/{at}.csv", "e", self.size) for at in range(self.files)]
        spec = [FileVersion("datasets/sales/tuning.json", "s", 20)] if self.spec else []
        return Listing(dataset, (*files, *spec))

    def read(self, version: FileVersion) -> bytes:
        return self.spec.encode()

    def get_json(self, key: str) -> Any:
        return json.loads(json.dumps(self.check.to_dict())) if self.check else None


def folds(world: Any) -> str:
    return plan_of(world, "sales")[1]


def test_checked_data_give_their_numbers() -> None:
    assert folds(World()).startswith(ROWS)


@pytest.mark.parametrize(
    "world",
    [
        World(check=None),
        World(check=checked("y,x\n1\n")),
        World(spec='{"target": "z"}'),
        World(size=300 * MIB),
        World(files=0),
        World(files=MOST_FILES + 1),
    ],
    ids=["unchecked", "unsound", "another target", "read in part", "no files", "too many files"],
)
def test_other_data_leave_the_rules(world: World) -> None:
    assert folds(world).startswith(RULES)


@pytest.mark.parametrize("spec", ["", "{", '{"target": "y", "folds": 1}'])
def test_without_a_valid_spec_nothing_is_told(spec: str) -> None:
    world: Any = World(spec=spec)

    assert plan_of(world, "sales") == []
