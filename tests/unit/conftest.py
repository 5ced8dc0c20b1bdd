"""The packaged app and its stack, for the tests that read them."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from cli.deploy.bundle import Packaged, package
from cli.deploy.sam import transform
from cli.paths import ROOT, STATE


@pytest.fixture(scope="session")
def packaged() -> Packaged:
    """The real app, packaged by Chalice."""
    return package(ROOT, STATE / "packaged", "us-east-1")


@pytest.fixture(scope="session")
def plain(packaged: Packaged) -> dict[str, Any]:
    """Its stack after the SAM transform."""
    return transform(packaged.template, "artifacts", "code.zip", "us-east-1")


@pytest.fixture
def in_moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """boto3 asks moto within this process, whatever the environment says of credentials and endpoints."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield
