"""S3, DynamoDB and ECR in memory are no kinder than moto: the same cases on both, and the same lives of a dataset."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.bucket import Bucket
from chalicelib.aws.table import Table
from chalicelib.dataset import FileVersion
from chalicelib.errors import DatasetChanged, LostRace
from chalicelib.state import Head
from tests.support.pipeline.steps import play
from tests.support.pipeline.world import World, a_world, a_world_in_memory


@pytest.fixture(params=["in memory", "moto"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    credentials(monkeypatch)
    if request.param == "in memory":
        yield a_world_in_memory()
    else:
        with a_world() as world:
            yield world


def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


def test_an_update_is_made_only_if_what_was_there_is_as_expected(either: World) -> None:
    table = Table(either.dynamodb, "ledger")

    table.update("p", "s", {"a": 1.0, "b": "x", "m": {"k": "v", "n": 2.5}}, {"a": None})
    table.update("p", "s", {"a": 2.0, "b": None}, {"a": 1, "m": {"k": "v", "n": 2.5}, "c": None})
    for wrong in ({"a": 1.0}, {"a": None}, {"b": "x"}, {"m": {"k": "v"}}, {"c": "there"}):
        with pytest.raises(LostRace):
            table.update("p", "s", {"a": 3.0}, wrong)

    item = table.get("p", "s")
    assert item is not None and set(item) == {"pk", "sk", "a", "m"}
    assert float(item["a"]["N"]) == 2.0
    assert table.get("p", "other") is None


def test_items_are_found_by_the_beginning_of_their_keys_in_order(either: World) -> None:
    table = Table(either.dynamodb, "ledger")
    for pk, sk in (("dataset#a", "job#2"), ("dataset#a", "head"), ("dataset#a", "job#1"), ("dataset#b", "job#3")):
        table.update(pk, sk, {"dataset": pk}, {})

    assert [item["sk"]["S"] for item in table.query("dataset#a", "job#")] == ["job#1", "job#2"]
    assert {(item["pk"]["S"], item["sk"]["S"]) for item in table.scan("dataset#a")} == {
        ("dataset#a", "job#2"), ("dataset#a", "head"), ("dataset#a", "job#1"),
    }  # fmt: skip
    assert list(table.query("dataset#c", "job#")) == []


def test_what_waits_is_due_when_its_time_has_come_and_not_before(either: World) -> None:
    table = Table(either.dynamodb, "ledger")
    for name, wake_at in (("late", 30.0), ("now", 20.0), ("early", 10.0)):
        table.update(name, "head", {"due": "waiting", "wake_at": wake_at}, {})
    table.update("none", "head", {"wake_at": 10.0}, {})

    assert [item["pk"]["S"] for item in table.due(20.0)] == ["early", "now"]


def test_an_object_is_read_at_the_version_that_was_listed_or_not_at_all(either: World) -> None:
    either.upload("train/a.csv", b"x,y\n1,2\n")
    bucket = Bucket(either.s3, "data")
    (version,) = bucket.listing("iris").versions

    assert (version.key, version.size) == ("datasets/iris/train/a.csv", 8)
    assert bucket.read(version) == b"x,y\n1,2\n"
    assert b"".join(bucket.stream(version, 3)) == b"x,y"
    either.upload("train/a.csv", b"other")
    for gone in (version, FileVersion("datasets/iris/none.csv", version.etag, 8)):
        with pytest.raises(DatasetChanged):
            bucket.read(gone)
    assert bucket.get("datasets/iris/none.csv") is None


def test_the_same_bytes_have_the_same_etag_and_folders_are_listed_once(either: World) -> None:
    for dataset in ("b", "a"):
        either.upload("train/1.csv", b"same", dataset)
        either.upload("tuning.json", b"{}", dataset)
    bucket = Bucket(either.s3, "data")

    assert list(bucket.datasets()) == ["a", "b"]
    (one, _), (other, _) = bucket.listing("a").versions, bucket.listing("b").versions
    assert one.etag == other.etag
    assert [found.key for found in bucket.listing("a").versions] == ["datasets/a/train/1.csv", "datasets/a/tuning.json"]


def test_a_copy_has_the_content_and_one_of_an_absent_object_fails(either: World) -> None:
    either.upload("train/a.csv", b"x")
    source = {"Bucket": "data", "Key": "datasets/iris/train/a.csv"}
    either.s3.copy_object(Bucket="data", Key="copy", CopySource=source)

    assert either.s3.get_object(Bucket="data", Key="copy")["Body"].read() == b"x"
    with pytest.raises(ClientError):
        either.s3.copy_object(Bucket="data", Key="copy", CopySource={"Bucket": "data", "Key": "none"})


def test_a_tag_names_the_image_that_was_pushed_under_it(either: World) -> None:
    newest = either.push_image("20260201T000000Z-bbbbbbb")

    assert either.pipeline().image.current().uri == newest


@pytest.mark.parametrize("kill_at", [None, (3, "after"), (9, "before"), (14, "after"), (20, "before"), (27, "after")])
def test_a_datasets_life_is_the_same_in_memory_and_on_moto(
    kill_at: tuple[int, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials(monkeypatch)
    there = a_world_in_memory()
    there.kill_at = kill_at
    play(there, change_after_crash=True)
    with a_world() as here:
        here.kill_at = kill_at
        play(here, change_after_crash=True)

        assert there.effects == here.effects
        assert there.topic.ids == here.topic.ids
        assert there.ledger.known() == here.ledger.known()
        assert ended(there) == ended(here)
        assert contents(there) == contents(here)


def ended(world: World) -> Head:
    """The head without its last owner, whose name is random."""
    return replace(world.ledger.head("iris"), owner=None)


def contents(world: World) -> dict[str, Any]:
    """Every object."""
    listed = world.s3.get_paginator("list_objects_v2").paginate(Bucket="data")
    keys = [one["Key"] for page in listed for one in page.get("Contents", ())]
    return {key: world.s3.get_object(Bucket="data", Key=key)["Body"].read() for key in keys}
