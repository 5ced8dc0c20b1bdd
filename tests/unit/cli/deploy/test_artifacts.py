"""The artifact bucket, in moto within this process."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.deploy.artifacts import SUPERSEDED, Artifacts, NotOurBucket


@pytest.fixture
def artifacts(in_moto: None, monkeypatch: pytest.MonkeyPatch) -> Artifacts:
    """An account in Frankfurt without any bucket."""
    monkeypatch.delenv("RETUNE_ARTIFACT_BUCKET", raising=False)
    return Artifacts.of(boto3.Session(region_name="eu-central-1").client, "retune")


@pytest.fixture
def open_artifacts(artifacts: Artifacts) -> Artifacts:
    """With a bucket without the policy, in which moto overlooks the condition, and so denies all."""
    artifacts.s3.create_bucket(
        Bucket=artifacts.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    return artifacts


def zipped(folder: Path, content: bytes) -> Path:
    path = folder / "deployment.zip"
    path.write_bytes(content)
    return path


def tags(artifacts: Artifacts, key: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = artifacts.s3.get_object_tagging(Bucket=artifacts.bucket, Key=key)["TagSet"]
    return found


def test_the_bucket_is_named_by_account_and_region_and_made_once(artifacts: Artifacts) -> None:
    artifacts.prepare()
    artifacts.prepare()

    assert [one["Name"] for one in artifacts.s3.list_buckets()["Buckets"]] == [
        "retune-artifacts-123456789012-eu-central-1"
    ]


def test_the_bucket_is_closed_encrypted_and_wants_tls(artifacts: Artifacts) -> None:
    artifacts.prepare()

    s3, bucket = artifacts.s3, artifacts.bucket
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    denied = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_bucket_left_half_made_is_finished(open_artifacts: Artifacts) -> None:
    open_artifacts.prepare()

    assert open_artifacts.s3.get_bucket_lifecycle_configuration(Bucket=open_artifacts.bucket)["Rules"]


def test_a_bucket_of_another_account_is_refused(artifacts: Artifacts) -> None:
    artifacts.prepare()
    strange = Artifacts(Forbidden(artifacts.s3), "aws", "123456789012", "retune")

    with pytest.raises(NotOurBucket, match="RETUNE_ARTIFACT_BUCKET"):
        strange.prepare()


class Forbidden:
    """S3 as it answers when `ExpectedBucketOwner` is not the bucket's owner."""

    def __init__(self, s3: Any):
        self.meta = s3.meta

    def head_bucket(self, **asked: str) -> None:
        code = "403" if asked["ExpectedBucketOwner"] == "123456789012" else "200"
        raise ClientError({"Error": {"Code": code, "Message": "Forbidden"}}, "HeadBucket")


def test_only_the_stacks_other_packages_are_superseded_and_one_that_returns_is_current_again(
    open_artifacts: Artifacts, tmp_path: Path
) -> None:
    artifacts = open_artifacts
    other_stack = Artifacts(artifacts.s3, "aws", "123456789012", "retune2")
    others = other_stack.put_package(zipped(tmp_path, b"one"))
    first = artifacts.put_package(zipped(tmp_path, b"one"))
    second = artifacts.put_package(zipped(tmp_path, b"two"))

    artifacts.supersede_all_but(second)
    assert [tags(artifacts, key) for key in (first, second, others)] == [[SUPERSEDED], [], []]

    again = artifacts.put_package(zipped(tmp_path, b"one"))
    assert again == first
    assert tags(artifacts, first) == []


def test_a_template_is_named_as_cloudformation_takes_it(open_artifacts: Artifacts) -> None:
    url = open_artifacts.put_template("{}")

    place = "https://s3.eu-central-1.amazonaws.com/retune-artifacts-123456789012-eu-central-1/templates/retune/"
    assert url.startswith(place)
    key = url.removeprefix("https://s3.eu-central-1.amazonaws.com/retune-artifacts-123456789012-eu-central-1/")
    assert open_artifacts.s3.get_object(Bucket=open_artifacts.bucket, Key=key)["Body"].read() == b"{}"
