"""A SageMaker that hosts for each test module; files whose tests change its settings replace it."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.hosting_world import HostingWorld, a_hosting_world


@pytest.fixture(scope="module")
def world(s3: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostingWorld]:
    with a_hosting_world(s3, tmp_path_factory.mktemp("world")) as world:
        yield world
