"""A bucket emptied for good: all versions, delete markers and unfinished uploads."""

from typing import Any

import boto3
import pytest

from cli.destroy import data
from cli.destroy.data import NotDeleted, delete, empty_bucket
from cli.destroy.inventory import Data

ACCOUNT = "123456789012"


@pytest.fixture
def s3(in_moto: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A versioned bucket `data`, and batches of two."""
    monkeypatch.setattr(data, "BATCH", 2)
    s3 = boto3.Session(region_name="us-east-1").client("s3")
    s3.create_bucket(Bucket="data")
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    return s3


def test_versions_markers_and_unfinished_uploads_all_go_in_batches(s3: Any) -> None:
    for number in range(3):
        s3.put_object(Bucket="data", Key="a", Body=str(number).encode())
    s3.delete_object(Bucket="data", Key="a")
    s3.put_object(Bucket="data", Key="b/c", Body=b"1")
    s3.create_multipart_upload(Bucket="data", Key="half")
    told: list[str] = []

    empty_bucket(s3, "data", ACCOUNT, told.append)

    left = s3.list_object_versions(Bucket="data")
    assert "Versions" not in left
    assert "DeleteMarkers" not in left
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="data")
    assert told[-1] == "data: 5 object versions deleted"
    assert len(told) == 3


def test_what_is_gone_already_is_no_fault(s3: Any) -> None:
    clients = {"s3": s3}
    for _ in range(2):
        delete(clients.__getitem__, ACCOUNT, None, Data("bucket", "data"), lambda _: None)

    assert s3.list_buckets()["Buckets"] == []


def test_what_s3_does_not_delete_is_named() -> None:
    class Locked:
        """One object under a legal hold."""

        def get_paginator(self, _: str) -> "Locked":
            return self

        def paginate(self, **_: Any) -> list[dict[str, Any]]:
            return []

        def list_object_versions(self, **_: Any) -> dict[str, Any]:
            return {"Versions": [{"Key": "held.csv", "VersionId": "1"}]}

        def delete_objects(self, **_: Any) -> dict[str, Any]:
            return {"Errors": [{"Key": "held.csv", "Message": "object is locked"}]}

    with pytest.raises(NotDeleted, match=r"held\.csv: object is locked"):
        empty_bucket(Locked(), "data", ACCOUNT, lambda _: None)
