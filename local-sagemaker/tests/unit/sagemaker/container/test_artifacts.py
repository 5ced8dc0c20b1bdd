"""What a training job leaves in S3, and what becomes of it where S3 will not take it."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_sagemaker.sagemaker.container import artifacts
from support.account import Account
from support.sagemaker_world import World, a_world

WRITES = """
os.makedirs(ml + "/model/code")
open(ml + "/model/m.txt", "w").write("m")
open(ml + "/model/code/c.txt", "w").write("c")
os.symlink("m.txt", ml + "/model/link")
open(ml + "/output/data/o.txt", "w").write("o")
"""


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(account.s3, tmp_path) as world:
        yield world


def keys(world: World, prefix: str) -> list[str]:
    found = world.s3.list_objects_v2(Bucket=world.bucket, Prefix=prefix).get("Contents", [])
    return [entry["Key"].removeprefix(prefix) for entry in found]


def output(world: World, **more: str) -> dict[str, str]:
    return {"S3OutputPath": f"s3://{world.bucket}/output", **more}


def test_folders_and_links_are_kept_in_the_archive(world: World) -> None:
    name = world.train(WRITES)
    world.trained(name)

    body = world.s3.get_object(Bucket=world.bucket, Key=f"output/{name}/output/model.tar.gz")["Body"].read()

    with tarfile.open(fileobj=io.BytesIO(body), mode="r:gz") as tar:
        assert tar.getnames() == ["code", "code/c.txt", "link", "m.txt"]
        assert tar.getmember("link").linkname == "m.txt" and tar.getmember("link").issym()


def test_an_uncompressed_model_is_uploaded_file_by_file(world: World) -> None:
    name = world.train(WRITES, OutputDataConfig=output(world, CompressionType="NONE"))

    ended = world.trained(name)

    base = f"output/{name}/output/"
    assert keys(world, base) == ["model/code/c.txt", "model/link", "model/m.txt", "output.tar.gz"]
    assert ended["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{world.bucket}/{base}model/"


def test_the_key_that_was_asked_for_encrypts_what_is_uploaded(world: World) -> None:
    name = world.train(WRITES, OutputDataConfig=output(world, KmsKeyId="alias/mine"))
    world.trained(name)

    for file in ("model.tar.gz", "output.tar.gz"):
        found = world.s3.head_object(Bucket=world.bucket, Key=f"output/{name}/output/{file}")
        assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", "alias/mine")


def test_a_large_model_is_uploaded_by_parts_and_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "IN_PARTS_BYTES", 1 << 20)
    size = 9 << 20  # a part of the client's has 8 MiB; random bytes do not shrink
    name = world.train(f"open(ml + '/model/m', 'wb').write(os.urandom({size}))")
    world.trained(name)

    found = world.s3.head_object(Bucket=world.bucket, Key=f"output/{name}/output/model.tar.gz")

    assert found["ETag"].strip('"').partition("-")[2] and found["ContentLength"] > size


def test_what_a_failed_program_left_is_uploaded_as_well(world: World) -> None:
    name = world.train(WRITES + "sys.exit(3)")

    ended = world.trained(name)

    assert ended["FailureReason"] == "AlgorithmError: , exit code: 3"
    assert keys(world, f"output/{name}/output/") == ["model.tar.gz", "output.tar.gz"]
    steps = [(step["Status"], step["StatusMessage"]) for step in ended["SecondaryStatusTransitions"][-2:]]
    assert steps == [("Uploading", "Uploading generated training model"), ("Failed", "Training job failed")]


def test_a_bucket_that_is_not_there_fails_the_job_in_the_end(world: World) -> None:
    ended = world.trained(world.train(WRITES, OutputDataConfig={"S3OutputPath": "s3://no-such-bucket-here/"}))

    assert ended["FailureReason"].startswith("ClientError: Artifact upload failed: ")
    assert "NoSuchBucket" in ended["FailureReason"]


def test_the_programs_own_failure_counts_more_than_that_of_the_upload(world: World) -> None:
    nowhere = {"S3OutputPath": "s3://no-such-bucket-here/"}

    ended = world.trained(world.train(WRITES + "sys.exit(3)", OutputDataConfig=nowhere))

    assert ended["FailureReason"] == "AlgorithmError: , exit code: 3"
