"""A home opens after its classes have moved; one that names something unknown is refused with the ways out."""

import sqlite3
from pathlib import Path

import pytest

from local_sagemaker import LocalSageMaker, UnreadableHome
from local_sagemaker.clients import client
from local_sagemaker.durability.names import MOVED, UnknownName, resolve


@pytest.mark.parametrize("old", MOVED)
def test_every_moved_module_is_where_the_table_says(old: str) -> None:
    assert resolve(old, "__name__") == MOVED[old]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("kept_objects", "_container"),
        ("local_functions", "_function"),
        ("metrics", "_backend"),
        ("pickles", "_backend"),
        ("templates", "model"),
        ("templates", "unmade"),
    ],
)
def test_what_earlier_homes_call_to_load_is_still_there(module: str, name: str) -> None:
    assert callable(resolve(f"local_sagemaker.moto_seams.{module}", name))


@pytest.mark.parametrize(("module", "name"), [("localaws.nowhere", "Job"), ("json", "Job"), ("json", "dumps.nothing")])
def test_what_does_not_exist_is_an_unknown_name(module: str, name: str) -> None:
    with pytest.raises(UnknownName, match=rf"{module}\.{name}"):
        resolve(module, name)


def rewritten(home: Path, before: bytes, after: bytes) -> int:
    """Replace bytes of equal length in all rows, and return how many rows they were in."""
    assert len(before) == len(after)
    with sqlite3.connect(home / "state.sqlite") as database:
        rows = database.execute("SELECT number, value FROM rows").fetchall()
        changed = [(value.replace(before, after), number) for number, value in rows if before in value]
        database.executemany("UPDATE rows SET value = ? WHERE number = ?", changed)
    return len(changed)


def test_a_home_that_names_something_unknown_is_refused_with_the_ways_out(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        client("sqs", aws.endpoint_url, aws.region).create_queue(QueueName="q")
    assert rewritten(tmp_path, b"local_sagemaker.moto_seams", b"local_sagemaker.moto_xxxxx") > 0

    with pytest.raises(UnreadableHome, match=r"holds local_sagemaker\.moto_xxxxx\..* pass another --home, or delete"):
        LocalSageMaker(tmp_path).start()


def test_a_home_that_was_refused_is_not_held_any_more(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        client("sqs", aws.endpoint_url, aws.region).create_queue(QueueName="q")
    rewritten(tmp_path, b"local_sagemaker.moto_seams", b"local_sagemaker.moto_xxxxx")
    with pytest.raises(UnreadableHome):
        LocalSageMaker(tmp_path).start()
    rewritten(tmp_path, b"local_sagemaker.moto_xxxxx", b"local_sagemaker.moto_seams")

    with LocalSageMaker(tmp_path) as aws:
        assert client("sqs", aws.endpoint_url, aws.region).list_queues()["QueueUrls"]
