"""Beside ministack, unchanged: the data, logs and metrics are there, and it is said that its bus refuses the events."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.clients import client
from local_sagemaker.http_server import listen
from support.account import eventually
from support.beside.world import BUCKET, BesideWorld, beside
from support.programs.program import ENVIRONMENT
from tests.support.heavy.clients import MINISTACK, surroundings

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]

ACCOUNT = "000000000000"
REFUSED = "It refuses events of source aws.sagemaker (NotAuthorizedForSourceException: "


@contextmanager
def ministack(folder: Path, **settings: str) -> Iterator[str]:
    """The URL of one that answers; `settings` are its environment variables."""
    with listen(0) as unused:
        port = str(unused.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    environment = {**surroundings(folder / "user"), "GATEWAY_PORT": port, "BIND_HOST": "127.0.0.1", **settings}
    program = MINISTACK.install() / "bin" / "ministack"
    with (
        (folder / "log.txt").open("w") as log,
        subprocess.Popen([program], env=environment, cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            eventually(lambda: answers(port), timeout_s=120)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def answers(port: str) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", int(port))) == 0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BesideWorld]:
    folder = tmp_path_factory.mktemp("ministack")
    with ministack(folder) as url, beside(url, folder / "sagemaker") as world:
        world.upload()
        yield world


@pytest.fixture(scope="module")
def queue_url(world: BesideWorld) -> str:
    return world.queue("events", source=["aws.sagemaker", "mine"])


@pytest.fixture(scope="module")
def best(world: BesideWorld, queue_url: str) -> str:
    """The best training job of a tuning job that has ended, after a rule for its events was there."""
    return str(world.tune("iris")["BestTrainingJob"]["TrainingJobName"])


def test_it_says_what_ministack_refuses(world: BesideWorld) -> None:
    first, second = world.aws.notices

    assert first == f"All services but SageMaker are those of {world.url}, account {ACCOUNT}."
    assert second.startswith(REFUSED)


def test_a_tuning_job_leaves_its_models_in_ministacks_s3(world: BesideWorld, best: str) -> None:
    bucket, key = world.artifact(best)

    assert world.there("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_logs_and_metrics_are_in_ministack(world: BesideWorld, best: str) -> None:
    metrics = world.there("cloudwatch").list_metrics(Namespace="/aws/sagemaker/TrainingJobs")["Metrics"]

    assert world.logged(world.there("logs"), best)[0] == "rows=3"
    assert {metric["MetricName"] for metric in metrics} == {"mse"}


def test_an_endpoint_answers_at_sagemakers_port(world: BesideWorld) -> None:
    world.serve("echo")

    assert world.invoke("echo", b"abc") == b"ABC"


def test_a_large_object_goes_through_sagemakers_port_both_ways(world: BesideWorld) -> None:
    body = bytes(range(256)) * (400 << 10)  # 100 MiB
    path = world.aws.home / "large.bin"
    path.write_bytes(body)

    world.here("s3").upload_file(str(path), BUCKET, "large.bin")

    assert world.here("s3").get_object(Bucket=BUCKET, Key="large.bin")["Body"].read() == body
    assert world.there("s3").head_object(Bucket=BUCKET, Key="large.bin")["ContentLength"] == len(body)


def test_its_rules_work_for_other_sources_through_sagemakers_port(
    world: BesideWorld, queue_url: str, best: str
) -> None:
    entry = {"Source": "mine", "DetailType": "t", "Detail": "{}"}

    world.here("events").put_events(Entries=[entry])

    assert [event["source"] for event in eventually(lambda: world.received(queue_url))] == ["mine"]


def test_arns_have_ministacks_account(world: BesideWorld, best: str) -> None:
    described = world.here("sagemaker").describe_training_job(TrainingJobName=best)

    assert described["TrainingJobArn"] == f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/{best}"


def test_the_registry_that_is_here_has_ministacks_account_too(world: BesideWorld) -> None:
    arn = world.here("sagemaker").create_model_package(ModelPackageName="p")["ModelPackageArn"]

    assert arn == f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/p"
    assert world.here("sagemaker").describe_model_package(ModelPackageName="p")["ModelPackageArn"] == arn


def test_the_command_says_what_is_missing_and_runs_until_it_is_interrupted(tmp_path: Path) -> None:
    with ministack(tmp_path, SERVICES="s3,sqs,sts,iam") as url:
        command = [
            sys.executable,
            "-m",
            "local_sagemaker",
            "up",
            "--beside",
            url,
            "--home",
            tmp_path / "home",
            "--json",
        ]
        environment = {**os.environ, **ENVIRONMENT}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            ready: dict[str, Any] = json.loads(process.stdout.readline())
            groups = client("logs", ready["endpoint_url"], "us-east-1").describe_log_groups()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)

    assert ready["account"] == ACCOUNT
    assert groups["logGroups"] == []
    for missing in ("EventBridge", "CloudWatch Logs", "CloudWatch"):
        assert f"It has no {missing} (" in said
    assert process.returncode == 0
