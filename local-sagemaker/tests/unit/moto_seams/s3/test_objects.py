"""The versions of S3's objects after a restart: which there are, in which order, and what was changed in each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from local_sagemaker.durability.database import Database
from local_sagemaker.moto_seams.s3.objects import Objects

Change = Callable[[Any], Any]
BUCKET = {"Bucket": "data"}


@contextmanager
def running(home: Path) -> Iterator[Any]:
    """S3 of the local AWS in this home."""
    with LocalSageMaker(home) as aws:
        yield client("s3", aws.endpoint_url, aws.region)


def put(s3: Any, body: str, **more: Any) -> str:
    return str(s3.put_object(**BUCKET, Key="a/key", Body=body.encode(), **more).get("VersionId"))


def versioned(s3: Any, status: str = "Enabled") -> None:
    s3.put_bucket_versioning(**BUCKET, VersioningConfiguration={"Status": status})


def listed(s3: Any) -> list[tuple[Any, ...]]:
    """Every version and delete marker, newest first, with what can be changed in it."""
    found = s3.list_object_versions(**BUCKET)
    versions = [_described(s3, one) for one in found.get("Versions", [])]
    return [*versions, *((one["VersionId"], one["IsLatest"]) for one in found.get("DeleteMarkers", []))]


def _described(s3: Any, version: Any) -> tuple[Any, ...]:
    of = {**BUCKET, "Key": version["Key"], "VersionId": version["VersionId"]}
    body = s3.get_object(**of)["Body"].read()
    return version["VersionId"], version["IsLatest"], body, s3.get_object_tagging(**of)["TagSet"]


def tag_the_first(s3: Any) -> None:
    versioned(s3)
    first = put(s3, "one")
    put(s3, "two")
    s3.put_object_tagging(**BUCKET, Key="a/key", VersionId=first, Tagging={"TagSet": [{"Key": "old", "Value": "yes"}]})


def tag_the_current(s3: Any) -> None:
    versioned(s3)
    put(s3, "one", Tagging="k=1")
    put(s3, "two", Tagging="k=2")
    s3.put_object_tagging(**BUCKET, Key="a/key", Tagging={"TagSet": [{"Key": "k", "Value": "3"}]})


def delete_the_middle_one(s3: Any) -> None:
    versioned(s3)
    put(s3, "one")
    middle = put(s3, "two")
    put(s3, "three")
    s3.delete_object(**BUCKET, Key="a/key", VersionId=middle)


def overwrite_the_one_without_an_id(s3: Any) -> None:
    put(s3, "before versioning")
    versioned(s3)
    put(s3, "one")
    versioned(s3, "Suspended")
    put(s3, "after versioning")


def delete_and_undelete(s3: Any) -> None:
    versioned(s3)
    put(s3, "one")
    marker = s3.delete_object(**BUCKET, Key="a/key")["VersionId"]
    put(s3, "two")
    s3.delete_object(**BUCKET, Key="a/key", VersionId=marker)


def delete_and_put_again(s3: Any) -> None:
    versioned(s3)
    put(s3, "one")
    s3.delete_object(**BUCKET, Key="a/key")
    put(s3, "two")


def delete_several_at_once(s3: Any) -> None:
    versioned(s3)
    ids = [put(s3, "one"), put(s3, "two"), put(s3, "three")]
    gone = [{"Key": "a/key", "VersionId": version_id} for version_id in ids[:2]]
    s3.delete_objects(**BUCKET, Delete={"Objects": gone})


def delete_without_versions(s3: Any) -> None:
    put(s3, "one")
    put(s3, "two")
    s3.put_object(**BUCKET, Key="other", Body=b"stays")
    s3.delete_object(**BUCKET, Key="a/key")


@pytest.mark.parametrize(
    "change",
    [
        tag_the_first,
        tag_the_current,
        delete_the_middle_one,
        overwrite_the_one_without_an_id,
        delete_and_undelete,
        delete_and_put_again,
        delete_several_at_once,
        delete_without_versions,
    ],
    ids=lambda change: change.__name__,
)
def test_they_are_after_a_restart_as_before(tmp_path: Path, change: Change) -> None:
    with running(tmp_path) as s3:
        s3.create_bucket(**BUCKET)
        change(s3)
        before = listed(s3)

    with running(tmp_path) as s3:
        assert listed(s3) == before


def test_they_can_be_changed_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as s3:
        s3.create_bucket(**BUCKET)
        versioned(s3)
        first = put(s3, "one")
        put(s3, "two")

    with running(tmp_path) as s3:
        s3.delete_object(**BUCKET, Key="a/key", VersionId=first)
        put(s3, "three")
        before = listed(s3)

    with running(tmp_path) as s3:
        assert listed(s3) == before


def test_rows_of_earlier_releases_are_read_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier, running(tmp_path) as s3:
        earlier.setattr(Objects, "_save_key", _saved_as_one_row)
        s3.create_bucket(**BUCKET)
        versioned(s3)
        put(s3, "one", Tagging="k=1")
        put(s3, "two")

    with running(tmp_path) as s3:
        put(s3, "three")
        before = listed(s3)

    assert [body for _, _, body, _ in before] == [b"three", b"two", b"one"]
    with running(tmp_path) as s3:
        assert listed(s3) == before


def _saved_as_one_row(objects: Any, database: Database, keys: Any, name: str, _: set[str]) -> None:
    """As an earlier release saved a key."""
    database.save("objects", keys._kept_as, name, objects._dump(keys.getlist(name)))
