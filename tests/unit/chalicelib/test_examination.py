"""What is refused before any file is read, and what the number of rows rules out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.dataset import FileVersion, Listing
from chalicelib.examination import examine
from tests.support.pipeline.world import settings

GIB = 1024**3


class WasRead(Exception):
    pass


@dataclass(frozen=True)
class BucketWithSpec:
    """Has a tuning spec; any other access is noted by raising WasRead."""

    spec: dict[str, Any]

    def stream(self, version: FileVersion, first_bytes: int | None = None) -> Iterator[bytes]:
        yield json.dumps(self.spec).encode()

    def get_json(self, key: str) -> Any:
        raise WasRead(key)


def sales(size: int) -> Listing:
    """A spec and one file of so many bytes."""
    spec = FileVersion("datasets/sales/tuning.json", "a", 50)
    return Listing("sales", (spec, FileVersion("datasets/sales/train/sales.csv", "b", size)))


def refused(size: int, instance_type: str) -> list[str]:
    bucket: Any = BucketWithSpec({"target": "y", "instance_type": instance_type})
    return [str(problem) for problem in examine(bucket, settings(), sales(size), image=None).desired.problems]


def test_data_beyond_a_third_of_the_instances_memory_are_refused_unread() -> None:
    (sentence,) = refused(3 * GIB, "ml.m5.large")  # 8 GiB
    assert sentence == (
        "sales has 3.0 GiB of data, but ml.m5.large trains at most a third of its memory, 2.7 GiB: set a larger "
        "`instance_type` in `tuning.json`, or use a sample."
    )


def test_data_within_it_are_read() -> None:
    with pytest.raises(WasRead):
        refused(int(2.6 * GIB), "ml.m5.large")


@dataclass(frozen=True)
class BucketWithRows(BucketWithSpec):
    """Has rows in which the column `g` is of two groups, in one file as large as its version says."""

    rows: bytes = b"y,x,g\n" + b"".join(b"%d,%d,%d\n" % (at, at * at, at % 2) for at in range(40))

    def stream(self, version: FileVersion, first_bytes: int | None = None) -> Iterator[bytes]:
        if version.key.endswith(".json"):
            yield json.dumps(self.spec).encode()
        else:
            yield self.rows

    def get_json(self, key: str) -> Any:
        return None

    def put_json(self, key: str, value: Any) -> None:
        pass

    def checksum(self, version: FileVersion) -> str:
        return "crc"


@pytest.mark.parametrize(("size", "problems"), [(400, ["fold-column-too-few-values"]), (GIB, [])])
def test_groups_are_counted_only_in_files_that_are_read_to_their_end(size: int, problems: list[str]) -> None:
    bucket: Any = BucketWithRows({"target": "y", "folds": {"count": 3, "by": "g"}})

    examined = examine(bucket, settings(), sales(size), image=None)

    assert [problem.code for problem in examined.desired.problems] == problems


@pytest.mark.parametrize(("size", "said"), [(400, 1), (GIB, 0)], ids=["read whole", "read in part"])
def test_rows_that_were_not_all_counted_rule_nothing_out(size: int, said: int) -> None:
    bucket: Any = BucketWithRows({"target": "y", "static": {"minspan": "32"}})

    problems = examine(bucket, settings(), sales(size), image=None).desired.problems

    assert ["must be at most 31 with 40 rows in 5 folds" in str(problem) for problem in problems] == [True] * said


@pytest.mark.parametrize(("size", "is_refused"), [(1.4, False), (1.5, True)])
def test_text_that_is_too_wide_once_encoded_is_refused(size: float, is_refused: bool) -> None:
    """The first 32 MiB have 20,000 rows here, and 4 columns of 100 levels are 396 of numbers: 1.4 GiB are 2.6 once
    encoded, and 1.5 GiB are 2.8. A third of 8 GiB is 2.7."""
    rows = b"".join(b"%d,a%d,b%d,c%d,d%d\n" % (at, *(at % 100,) * 4) for at in range(1000))
    listing = Listing(
        "sales",
        (
            FileVersion("datasets/sales/tuning.json", "a", 50),
            FileVersion("datasets/sales/train/s.csv", "b", int(size * GIB)),
        ),
    )
    bucket: Any = BucketWithRows({"target": "y", "instance_type": "ml.m5.large"}, b"y,p,q,r,s\n" + rows * 20)

    examined = examine(bucket, settings(), listing, image=None)

    assert [problem.code for problem in examined.desired.problems] == ["encoded-beyond-memory"] * is_refused
