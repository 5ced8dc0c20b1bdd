"""Beside moto's plain server: SageMaker is here, its data, events, logs and metrics are there."""

import io
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config

from local_sagemaker.clients import client
from support.account import eventually
from support.beside.world import BUCKET, BesideWorld, beside

TUNING_JOB = "iris"


@pytest.fixture(scope="module")
def world(moto_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BesideWorld]:
    with beside(moto_url, tmp_path_factory.mktemp("beside")) as world:
        world.upload()
        yield world


@pytest.fixture(scope="module")
def queue_url(world: BesideWorld) -> str:
    pattern = {"source": ["aws.sagemaker"], "detail": {"HyperParameterTuningJobStatus": ["Completed"]}}
    return world.queue("tuning-jobs", **pattern)


@pytest.fixture(scope="module")
def tuned(world: BesideWorld, queue_url: str) -> dict[str, Any]:
    """A tuning job that has ended, after a rule for it was there."""
    return world.tune(TUNING_JOB)


def test_nothing_is_missing(world: BesideWorld) -> None:
    assert world.aws.notices == [f"All services but SageMaker are those of {world.url}, account 123456789012."]


def test_a_tuning_job_leaves_its_models_in_the_others_s3(world: BesideWorld, tuned: dict[str, Any]) -> None:
    bucket, key = world.artifact(tuned["BestTrainingJob"]["TrainingJobName"])

    with tarfile.open(fileobj=io.BytesIO(world.there("s3").get_object(Bucket=bucket, Key=key)["Body"].read())) as tar:
        assert [name.removeprefix("./") for name in tar.getnames() if name.endswith("x")] == ["x"]


def test_a_rule_of_the_others_bus_sees_the_state_changes(
    world: BesideWorld, queue_url: str, tuned: dict[str, Any]
) -> None:
    (event,) = eventually(lambda: world.received(queue_url))

    assert event["source"] == "aws.sagemaker"
    assert event["detail-type"] == "SageMaker HyperParameter Tuning Job State Change"
    assert event["resources"] == [tuned["HyperParameterTuningJobArn"]]
    assert event["detail"]["HyperParameterTuningJobName"] == TUNING_JOB


def test_the_log_is_in_the_others_cloudwatch_logs(world: BesideWorld, tuned: dict[str, Any]) -> None:
    first, second = world.logged(world.there("logs"), tuned["BestTrainingJob"]["TrainingJobName"])

    assert first == "rows=3"
    assert second.startswith("mse=")


def test_the_metrics_are_in_the_others_cloudwatch(world: BesideWorld, tuned: dict[str, Any]) -> None:
    found = world.there("cloudwatch").list_metrics(Namespace="/aws/sagemaker/TrainingJobs")["Metrics"]

    assert len([metric for metric in found if metric["MetricName"] == "mse"]) == 2


def test_an_endpoint_answers_at_sagemakers_port(world: BesideWorld) -> None:
    world.serve("echo")

    assert world.invoke("echo", b"abc") == b"ABC"


def test_the_model_registry_is_here(world: BesideWorld) -> None:
    sagemaker = world.here("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="g", Tags=[{"Key": "k", "Value": "v"}])

    arn = sagemaker.describe_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupArn"]

    assert arn == f"arn:aws:sagemaker:us-east-1:{world.aws.account}:model-package-group/g"
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]


def test_a_model_package_of_the_registry_is_an_event_of_the_others_bus(world: BesideWorld) -> None:
    queue_url = world.queue("packages", **{"detail-type": ["SageMaker Model Package State Change"]})

    arn = world.here("sagemaker").create_model_package(ModelPackageName="p")["ModelPackageArn"]

    (event,) = eventually(lambda: world.received(queue_url))
    assert event["resources"] == [arn]


def test_large_objects_go_through_sagemakers_port_both_ways(world: BesideWorld) -> None:
    body = bytes(range(256)) * (40 << 10)  # 10 MiB: upload_fileobj sends it in parts

    world.here("s3").upload_fileobj(io.BytesIO(body), BUCKET, "a b+c/ü.bin")

    assert world.here("s3").get_object(Bucket=BUCKET, Key="a b+c/ü.bin")["Body"].read() == body
    assert world.there("s3").head_object(Bucket=BUCKET, Key="a b+c/ü.bin")["ContentLength"] == len(body)


def test_a_bucket_in_the_host_name_and_a_presigned_url_work_at_sagemakers_port(world: BesideWorld) -> None:
    virtual = Config(s3={"addressing_style": "virtual"})
    port = world.aws.endpoint_url.rpartition(":")[2]
    s3 = client("s3", f"http://localhost:{port}", world.aws.region, config=virtual)
    url = urlsplit(s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "iris/train/iris.csv"}))
    assert url.netloc == f"{BUCKET}.localhost:{port}"

    # not every resolver knows subdomains of localhost
    at_loopback = url._replace(netloc=f"127.0.0.1:{port}").geturl()
    with urllib.request.urlopen(urllib.request.Request(at_loopback, headers={"Host": url.netloc})) as answer:
        assert answer.read().startswith(b"length,width")


def test_what_a_web_page_sends_is_not_passed_on(world: BesideWorld) -> None:
    request = urllib.request.Request(
        f"{world.aws.endpoint_url}/made-by-a-page", method="PUT", headers={"Origin": "https://page.test"}
    )

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)

    assert [one["Name"] for one in world.there("s3").list_buckets()["Buckets"]] == [BUCKET]


def test_image_and_role_can_be_named_without_ecr(world: BesideWorld) -> None:
    assert world.aws.image_uri("trains") == world.image("trains")
    assert world.aws.role_arn == world.there("iam").get_role(RoleName="local-sagemaker")["Role"]["Arn"]
    assert world.there("ecr").describe_repositories()["repositories"] == []
