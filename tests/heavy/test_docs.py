"""Every block of code in local-sagemaker/docs/guide.md does what the page says, typed from top to bottom."""

import re
from collections.abc import Iterator
from json import loads

import pytest

from tests.support.heavy.cache import ROOT
from tests.support.heavy.doc_blocks import Block, Reader, blocks

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]
PAGE = ROOT / "local-sagemaker" / "docs" / "guide.md"
BLOCKS = blocks(PAGE)
SAYS = {
    'HyperParameterTuningJobName="waves",': "Completed waves-",
    "list-training-jobs-for": "|  waves-",
    "get-log-events": "mse: 0.",
    "cat prediction.csv": "24.",
    "waves-v3": "FinalObjectiveValue",
    "waves-v2-warm": "waves-v2-",
    "SortBy": "waves-",
    "too-many": "ResourceLimitExceeded\nCompleted {'x': '0.",
    "s3 ls": "waves.csv",
    "in-python": "/my-algo:latest\n",
}
"""What a block that contains the one says: the other."""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One for the whole page: its blocks build on each other."""
    reader = Reader(tmp_path_factory.mktemp("reader"))
    yield reader
    reader.leave()


@pytest.mark.parametrize(
    "block", BLOCKS, ids=lambda block: f"line-{block.line}-{block.language}-{block.who or 'alone'}"
)
def test_every_block_runs(block: Block, reader: Reader) -> None:
    said = reader.does(block)

    for word, expected in SAYS.items():
        if word in block.source:
            assert expected in said
    if block.language == "json":
        assert {**loads(said), "endpoint_url": ""} == {**loads(block.source), "endpoint_url": ""}
    if block.language == "console":
        assert without_port(block.source) in without_port(said)


def without_port(text: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text)


def test_what_is_expected_stands_in_the_page() -> None:
    assert [word for word in SAYS if not any(word in block.source for block in BLOCKS)] == []


def test_no_fence_escapes_the_tests() -> None:
    assert PAGE.read_text(encoding="utf-8").count("\n```") == 2 * len(BLOCKS)
