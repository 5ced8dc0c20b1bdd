"""A home is either a whole local AWS's or that of a SageMaker beside one account of another emulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_sagemaker.durability.database import Database, UnreadableHome
from local_sagemaker.durability.owner import claim


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "state.sqlite", {})
    database.save("port", "", "4566", b"")
    yield database
    database.close()


def test_an_empty_home_is_for_whoever_comes_first(database: Database, tmp_path: Path) -> None:
    claim(database, tmp_path, "a SageMaker beside account 1")
    claim(database, tmp_path, "a SageMaker beside account 1")

    with pytest.raises(UnreadableHome, match="holds a SageMaker beside account 1, not a SageMaker beside account 2"):
        claim(database, tmp_path, "a SageMaker beside account 2")


def test_a_whole_local_aws_does_not_open_another_ones_home(database: Database, tmp_path: Path) -> None:
    claim(database, tmp_path, "a SageMaker beside account 1")

    with pytest.raises(UnreadableHome, match="not a whole local AWS"):
        claim(database, tmp_path, None)


def test_the_home_of_a_whole_local_aws_is_nobody_elses(database: Database, tmp_path: Path) -> None:
    claim(database, tmp_path, None)
    database.save("bucket", "", "b", b"")

    with pytest.raises(UnreadableHome, match="holds a whole local AWS"):
        claim(database, tmp_path, "a SageMaker beside account 1")


def test_a_cleared_home_is_an_empty_one(database: Database, tmp_path: Path) -> None:
    claim(database, tmp_path, "a SageMaker beside account 1")

    database.clear(but="port")

    claim(database, tmp_path, None)
