"""The packaged app and its stack, for the tests that read them."""

from typing import Any

import pytest

from cli.bundle import Packaged, package
from cli.packaging import transform
from cli.paths import ROOT, STATE


@pytest.fixture(scope="session")
def packaged() -> Packaged:
    """The real app, packaged by Chalice."""
    return package(ROOT, STATE / "packaged", "us-east-1")


@pytest.fixture(scope="session")
def plain(packaged: Packaged) -> dict[str, Any]:
    """Its stack after the SAM transform."""
    return transform(packaged.template, "artifacts", "code.zip", "us-east-1")
