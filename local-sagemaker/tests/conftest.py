"""A local AWS for each test module."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker, Published
from local_sagemaker.clients import client
from support.account import Account
from support.conventions import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401 - hooks


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account of a local AWS whose failed events are retried after 0.1 and 0.2 seconds."""
    published: list[Published] = []
    home = tmp_path_factory.mktemp("home")
    with LocalSageMaker(home, on_published=published.append, retry_delays_s=(0.1, 0.2)) as aws:
        yield Account(aws, published)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """S3 of a local AWS, and no more."""
    with LocalSageMaker(tmp_path_factory.mktemp("home")) as aws:
        yield client("s3", aws.endpoint_url, aws.region)
