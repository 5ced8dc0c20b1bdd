"""The image of local-sagemaker/Dockerfile, used from outside its container, and the examples of docs/container.md."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from local_sagemaker.clients import client
from support.account import eventually
from tests.support.container.process import IRIS
from tests.support.container.server import a_free_port
from tests.support.heavy import pip_settings
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import Client, surroundings
from tests.support.heavy.debian_root import bootstrapped, offers
from tests.support.heavy.doc_blocks import Block, blocks
from tests.support.heavy.oci import Container
from tests.support.heavy.podman import BASE, Podman

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]
IMAGE = "localhost/local-sagemaker:latest"
PATIENCE_S = 120
BLOCKS = blocks(ROOT / "local-sagemaker" / "docs" / "container.md")
READER = Client("container-docs", "testcontainers==4.15.0 check-jsonschema==0.39.0 boto3")
TRAIN = """#!/bin/sh
setsid sleep 1 >/dev/null 2>&1 &
echo x=1
"""
"""An algorithm that leaves a process in a session of its own, which its job does not end."""


@pytest.fixture(scope="module", autouse=True)
def image(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build IMAGE on the Debian of the Dockerfile, or on BASE if this machine's mirror lacks that; the base's name."""
    base = BASE
    if offers("trixie"):
        base = "localhost/debian:trixie-slim"
        podman.says("import", bootstrapped("trixie"), base)
    words = ["--format=docker", "--layers=false", f"--build-arg=BASE_IMAGE={base}", f"--tag={IMAGE}"]
    podman.says("build", *words, *pip_settings.mounts(tmp_path_factory.mktemp("pip")), ROOT / "local-sagemaker")
    return base


@pytest.fixture(scope="module")
def algorithm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that any user can read."""
    folder = tmp_path_factory.mktemp("algorithm")
    folder.chmod(0o755)
    (folder / "train").write_text(TRAIN)
    (folder / "train").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def container(podman: Podman, algorithm: Path) -> Iterator[Container]:
    """One for all tests that do not end it: it answers to `aws` too, and has the image `my-algo`."""
    options = (f"--volume={algorithm}:/images/my-algo:ro",)
    words = ("--allow-host", "aws", "--image", "my-algo=/images/my-algo")
    with Container(podman, IMAGE, a_free_port(), options, words) as container:
        yield container


@pytest.fixture
def volume(podman: Podman) -> Iterator[str]:
    """The name of a new one, which is deleted afterwards."""
    yield podman.says("volume", "create")
    podman("volume", "prune", "--force")


def training(image: str, bucket: str) -> dict[str, Any]:
    """The definition of training jobs on what lies in this bucket."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/in/"}
    metrics = [{"Name": "mse", "Regex": "mse: ([0-9.]+)"}]
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File", "MetricDefinitions": metrics},
        "RoleArn": "arn:aws:iam::123456789012:role/training",
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 120},
    }


def with_iris(container: Container, bucket: str) -> str:
    """The bucket, new and with iris in it."""
    s3 = container.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in/iris.csv", Body=IRIS.encode())
    return bucket


def status(container: Container, host: str) -> int:
    """The response's status to a request for another host."""
    try:
        with urlopen(Request(container.endpoint_url, headers={"Host": host})) as response:
            return int(response.status)
    except HTTPError as refused:
        return refused.code


def test_the_image_has_at_most_360_mb_more_than_debian(
    podman: Podman, image: str, record_property: Callable[[str, object], None]
) -> None:
    sizes = [podman.says("image", "inspect", "--format", "{{.Size}}", name) for name in (IMAGE, image)]

    added = int(sizes[0]) - int(sizes[1])
    record_property("the image of the local SageMaker, without Debian, uncompressed", f"{added / 1e6:.0f} MB")
    assert added <= 360e6


def test_it_does_not_run_as_root(container: Container) -> None:
    assert container.runs("id", "-u") == "1000"


def test_its_health_check_passes(container: Container, podman: Podman) -> None:
    assert podman("healthcheck", "run", container.name).returncode == 0


def test_a_tuning_job_on_the_example_completes_and_its_endpoint_answers(container: Container) -> None:
    bucket = with_iris(container, "tuned")
    sagemaker = container.client("sagemaker")
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="iris",
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "alpha", "MinValue": "1", "MaxValue": "2"}]},
        },
        TrainingJobDefinition=training(container.ready["image_uris"]["example"], bucket),
    )

    def look() -> dict[str, Any]:
        seen: dict[str, Any] = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="iris")
        return seen if seen["HyperParameterTuningJobStatus"] != "InProgress" else {}

    found = eventually(look, PATIENCE_S)
    assert (found["HyperParameterTuningJobStatus"], found["TrainingJobStatusCounters"]["Completed"]) == ("Completed", 2)
    best = found["BestTrainingJob"]["TrainingJobName"]
    model = sagemaker.describe_training_job(TrainingJobName=best)["ModelArtifacts"]["S3ModelArtifacts"]
    deploy(sagemaker, container.ready, model)
    row = IRIS.splitlines()[1].partition(",")[2]
    said = container.client("sagemaker-runtime").invoke_endpoint(EndpointName="iris", ContentType="text/csv", Body=row)
    assert 4 < float(said["Body"].read()) < 8  # the sepals of iris are from 4.3 to 7.9 cm long


def deploy(sagemaker: Any, ready: dict[str, Any], model: str) -> None:
    """The endpoint `iris`, in service."""
    primary = {"Image": ready["image_uris"]["example"], "ModelDataUrl": model}
    sagemaker.create_model(ModelName="iris", PrimaryContainer=primary, ExecutionRoleArn=ready["training_role_arn"])
    variant = {"VariantName": "all", "ModelName": "iris", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="iris", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="iris", EndpointConfigName="iris")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="iris", WaiterConfig={"Delay": 1})


def test_a_queues_url_and_a_presigned_url_lead_into_the_container(container: Container) -> None:
    bucket = with_iris(container, "linked")
    sqs = container.client("sqs")

    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    link = container.client("s3").generate_presigned_url("get_object", {"Bucket": bucket, "Key": "in/iris.csv"})

    assert url.startswith(container.endpoint_url + "/")
    client("sqs", url.partition("/123456789012/")[0], "us-east-1").send_message(QueueUrl=url, MessageBody="m")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "m"
    with urlopen(link) as opened:
        assert opened.read().decode() == IRIS


def test_it_refuses_other_hosts_except_those_that_are_allowed(container: Container) -> None:
    assert status(container, "attacker.test:4566") == 403
    assert status(container, "aws:4566") == 200


def test_what_outlives_its_training_job_leaves_no_zombie(container: Container) -> None:
    bucket = with_iris(container, "left")
    sagemaker = container.client("sagemaker")

    sagemaker.create_training_job(TrainingJobName="left", **training(container.ready["image_uris"]["my-algo"], bucket))

    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName="left", WaiterConfig={"Delay": 1})
    eventually(lambda: "sleep" not in container.runs("sh", "-c", "cat /proc/[0-9]*/comm").split(), PATIENCE_S)


def test_sigterm_ends_it_cleanly_and_the_volume_keeps_its_state(podman: Podman, volume: str) -> None:
    options = (f"--volume={volume}:/var/lib/local-sagemaker",)
    with Container(podman, IMAGE, a_free_port(), options) as first:
        with_iris(first, "kept")

        assert first.stop() == 0

    with Container(podman, IMAGE, a_free_port(), options) as second:
        kept = second.client("s3").get_object(Bucket="kept", Key="in/iris.csv")["Body"].read().decode()
    assert kept == IRIS


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "yaml"], ids=lambda block: block.who)
def test_the_files_in_the_page_follow_their_schema(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "file.yml"
    file.write_text(block.source)

    words = [READER.install() / "bin/check-jsonschema", "--builtin-schema", f"vendor.{block.who}", file]
    checked = subprocess.run(words, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_pages_testcontainers_recipe_runs(podman: Podman, tmp_path: Path) -> None:
    (recipe,) = [block for block in BLOCKS if block.who == "testcontainers"]
    with podman.listening(tmp_path / "podman.sock") as docker_host:
        # No clean-up container, which would be pulled, and no gateway's address, even if this is a container itself.
        variables = {"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_CONNECTION_MODE": "docker_host"}
        environment = {**surroundings(tmp_path / "home"), **variables, "DOCKER_HOST": docker_host}
        words = [READER.install() / "bin/python", "-c", recipe.source]
        ran = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, check=False)

    assert (ran.returncode, ran.stdout) == (0, "[]\n"), ran.stderr[-3000:]
