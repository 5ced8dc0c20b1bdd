"""The fixture, in test runs of its own: a process can have only one local AWS."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.programs.program import ROOT

pytest_plugins = ["pytester"]

SRC = str(ROOT / "src")
REAL = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "real",
    "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
    "AWS_REGION": "eu-central-1",
}
"""What a developer may have set."""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose tests see this plugin only, run by a developer who has an account."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {**REAL, "PYTHONPATH": SRC, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}.items():
        monkeypatch.setenv(name, value)
    pytester.plugins = ["local_sagemaker.pytest_plugin"]
    return pytester


def test_each_test_finds_an_empty_account_at_the_same_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import boto3
        import pytest

        IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/any:latest"
        ROLE = "arn:aws:iam::123456789012:role/any"
        urls = set()

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it_is_empty(turn, local_sagemaker):
            s3, sagemaker = boto3.client("s3"), boto3.client("sagemaker")
            assert s3.list_buckets()["Buckets"] == []
            assert sagemaker.list_models()["Models"] == []
            s3.create_bucket(Bucket="flowers")
            sagemaker.create_model(ModelName="iris", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE})
            urls.add(local_sagemaker.endpoint_url)

        def test_it_was_one_server():
            assert len(urls) == 1
        """
    )

    project.runpytest_subprocess().assert_outcomes(passed=3)


def test_the_developers_settings_are_hidden_from_a_test_and_back_after_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        f"""
        import os

        import boto3

        before = {{name: value for name, value in os.environ.items() if name.startswith("AWS_")}}
        session = boto3.DEFAULT_SESSION = object()

        def test_inside(local_sagemaker, monkeypatch):
            monkeypatch.undo()
            assert set({REAL!r}.items()) & set(os.environ.items()) == set()
            assert boto3.client("s3").meta.endpoint_url == local_sagemaker.endpoint_url
            assert boto3.client("s3").meta.region_name == local_sagemaker.region
            assert boto3.Session().get_credentials().access_key != "real"

        def test_afterwards():
            assert before == {{name: value for name, value in os.environ.items() if name.startswith("AWS_")}}
            assert boto3.DEFAULT_SESSION is session
        """
    )

    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_each_worker_of_xdist_has_a_server_of_its_own(project: pytest.Pytester) -> None:
    project.plugins.append("xdist")
    project.makepyfile(
        """
        import pathlib

        import boto3
        import pytest

        @pytest.mark.parametrize("turn", range(4))
        def test_it_is_empty(turn, local_sagemaker, worker_id):
            assert boto3.client("s3").list_buckets()["Buckets"] == []
            boto3.client("s3").create_bucket(Bucket="flowers")
            pathlib.Path(worker_id).write_text(local_sagemaker.endpoint_url)
        """
    )

    project.runpytest_subprocess("--numprocesses=2").assert_outcomes(passed=4)

    gw0, gw1 = (project.path / worker for worker in ("gw0", "gw1"))
    assert gw0.read_text() != gw1.read_text()


def test_a_project_sets_options(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def local_sagemaker_options():
            return {"region": "eu-west-1"}
        """
    )
    project.makepyfile(
        """
        import boto3

        def test_region(local_sagemaker):
            assert boto3.client("sqs").create_queue(QueueName="any")["QueueUrl"]
            assert boto3.client("sqs").meta.region_name == local_sagemaker.region == "eu-west-1"
        """
    )

    project.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('{"quota": {}}', "*local_sagemaker_options: unknown quota; it takes *quotas*"),
        ('{"home": "."}', "*local_sagemaker_options: `home` cannot be set*"),
        ('{"port": TAKEN}', "*the fixture local_sagemaker could not start a local AWS: *port*"),
    ],
)
def test_why_it_cannot_start_is_one_line_of_every_test_that_needs_it(
    project: pytest.Pytester, options: str, reason: str
) -> None:
    project.makepyfile(
        f"""
        import socket

        import pytest

        taken = socket.create_server(("127.0.0.1", 0))
        TAKEN = taken.getsockname()[1]

        @pytest.fixture(scope="session")
        def local_sagemaker_options():
            return {options}

        def test_one(local_sagemaker): ...
        def test_two(local_sagemaker): ...
        def test_other(): ...
        """
    )

    result = project.runpytest_subprocess()

    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines([reason, reason])
    assert "Traceback" not in result.stdout.str()


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    asked = "import sys, local_sagemaker.pytest_plugin; print(*{name.partition('.')[0] for name in sys.modules})"

    said = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "PYTHONPATH": SRC}, capture_output=True, text=True, check=True
    ).stdout

    assert {"moto", "boto3", "botocore", "numpy", "scipy", "sklearn", "werkzeug"} & set(said.split()) == set()


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    declared = (Path(ROOT) / "pyproject.toml").read_text()

    assert '[project.entry-points.pytest11]\nlocal_sagemaker = "local_sagemaker.pytest_plugin"' in declared
