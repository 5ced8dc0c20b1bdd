"""`LocalSageMaker` as a Python program uses it: without a home, with its clients, role and images."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.config import Config

from local_sagemaker import LocalSageMaker


@pytest.fixture
def aws() -> Iterator[LocalSageMaker]:
    with LocalSageMaker() as started:
        yield started


def test_without_a_home_the_state_is_in_a_private_folder_that_is_removed() -> None:
    aws = LocalSageMaker()
    with aws:
        mode, home = aws.home.stat().st_mode & 0o777, aws.home
        aws.client("s3").create_bucket(Bucket="first")

    assert mode == 0o700
    assert not home.exists()


def test_without_a_home_the_next_start_is_empty() -> None:
    aws = LocalSageMaker()
    with aws:
        aws.client("s3").create_bucket(Bucket="first")

    with aws:
        assert aws.client("s3").list_buckets()["Buckets"] == []


def test_a_home_can_be_a_string(tmp_path: Path) -> None:
    assert LocalSageMaker(str(tmp_path)).home == tmp_path


def test_its_clients_ignore_the_environment(aws: LocalSageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    monkeypatch.setenv("AWS_REGION", "mars-north-1")

    client = aws.client("s3")

    assert client.list_buckets()["Buckets"] == []
    assert (client.meta.endpoint_url, client.meta.region_name) == (aws.endpoint_url, "us-east-1")


def test_its_clients_take_what_boto3_takes(aws: LocalSageMaker) -> None:
    client = aws.client("s3", region_name="eu-west-1", config=Config(user_agent_extra="mine"))

    assert client.meta.region_name == "eu-west-1"
    assert client.meta.config.user_agent_extra == "mine"
    assert client.meta.config.s3 == {"addressing_style": "path"}


def test_its_environment_directs_another_program_to_it(aws: LocalSageMaker) -> None:
    code = "import boto3; print(boto3.client('sts').meta.endpoint_url, boto3.client('s3').list_buckets()['Buckets'])"
    theirs = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_SESSION_TOKEN": "expired"}

    called = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **theirs, **aws.environment}, capture_output=True, text=True
    )

    assert called.stdout == f"{aws.endpoint_url} []\n", called.stderr


def test_its_role_is_there_again_after_a_reset(aws: LocalSageMaker) -> None:
    role = aws.role_arn
    aws.reset()

    assert aws.role_arn == role
    assert aws.client("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]["Arn"] == role


def test_an_image_that_is_not_mapped_is_refused_with_those_that_are(aws: LocalSageMaker) -> None:
    with pytest.raises(ValueError, match="no folder is mapped to 'algo', only to example"):
        aws.image_uri("algo")


def test_the_package_is_imported_without_moto() -> None:
    code = "import sys, local_sagemaker; print('moto' in sys.modules, local_sagemaker.Chaos().drop)"

    imported = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"], capture_output=True, text=True
    )

    assert imported.stdout == "False 0.1\n", imported.stderr
