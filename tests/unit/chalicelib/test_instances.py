"""The memory that an instance type's name tells."""

import pytest

from chalicelib.instances import memory_bytes

GIB = 1024**3


@pytest.mark.parametrize(
    ("name", "gib"),
    [
        ("ml.m5.large", 8),
        ("ml.m5.xlarge", 16),
        ("ml.m5.24xlarge", 384),
        ("ml.m6id.4xlarge", 64),
        ("ml.c5.xlarge", 8),
        ("ml.c6i.32xlarge", 256),
        ("ml.r5.2xlarge", 64),
        ("ml.t3.medium", 4),
    ],
)
def test_memory_follows_from_family_and_size_as_aws_lists_it(name: str, gib: int) -> None:
    assert memory_bytes(name) == gib * GIB


@pytest.mark.parametrize("name", ["ml.p4d.24xlarge", "ml.trn1.2xlarge", "ml.x1.16xlarge", "m5.large", ""])
def test_of_other_families_nothing_is_told(name: str) -> None:
    assert memory_bytes(name) is None
