"""A SageMaker without S3 for each test; files whose tests need more replace it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.sagemaker_world import World, a_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(None, tmp_path) as world:
        yield world
