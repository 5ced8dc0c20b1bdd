"""A stack for the tests of its Lambdas."""

from collections.abc import Iterator

import pytest

from tests.support.local.deployed import Deployed, deployed


@pytest.fixture(scope="package")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Ends with these tests, since others of the same process start local AWSs of their own."""
    with deployed(tmp_path_factory.mktemp("lambdas")) as local:
        yield local
