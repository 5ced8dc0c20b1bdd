"""A reset leaves what a new home would hold, now and after a restart."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, eventually

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/slow:latest"


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[LocalSageMaker]:
    program = tmp_path / "slow" / "entrypoint"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    with LocalSageMaker(tmp_path / "home", images={"slow": program.parent}) as aws:
        yield aws


def post(aws: LocalSageMaker, path: str, method: str = "POST", **headers: str) -> int:
    request = urllib.request.Request(aws.endpoint_url + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def train(account: Account, name: str) -> None:
    account.sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        RoleArn=account.role_arn,
        OutputDataConfig={"S3OutputPath": "s3://flowers/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 900},
    )


def filled(aws: LocalSageMaker) -> Account:
    """An account with an object, a queue that a function reads, a rule that fires, and a running training job."""
    account = Account(aws, [])
    account.s3.create_bucket(Bucket="flowers")
    account.s3.put_object(Bucket="flowers", Key="iris.csv", Body=b"1")
    _, queue_arn = account.queue(VisibilityTimeout="30")
    function = account.function("echo")
    account.lambda_.create_event_source_mapping(EventSourceArn=queue_arn, FunctionName=function["FunctionName"])
    account.rule_to(function["FunctionArn"], ScheduleExpression="rate(1 minute)")
    train(account, "iris")
    eventually(lambda: account.sagemaker.describe_training_job(TrainingJobName="iris")["SecondaryStatus"] == "Training")
    return account


def found(aws: LocalSageMaker) -> list[Any]:
    """All that `filled` makes."""
    ask = {name: client(name, aws.endpoint_url, aws.region) for name in ("s3", "sqs", "lambda", "events", "sagemaker")}
    return [
        *ask["s3"].list_buckets()["Buckets"],
        *ask["sqs"].list_queues().get("QueueUrls", []),
        *ask["lambda"].list_functions()["Functions"],
        *ask["lambda"].list_event_source_mappings()["EventSourceMappings"],
        *ask["events"].list_rules()["Rules"],
        *ask["sagemaker"].list_training_jobs()["TrainingJobSummaries"],
    ]


def processes(aws: LocalSageMaker) -> list[str]:
    """The processes whose environment names the home."""
    mark = f"={aws.home}/".encode()
    names = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes():
                names.append(process.name)
        except OSError:
            continue
    return names


def test_a_reset_over_http_leaves_nothing_even_after_a_restart(aws: LocalSageMaker) -> None:
    filled(aws)
    endpoint_url = aws.endpoint_url

    status = post(aws, "/moto-api/reset")
    at_once = found(aws)
    aws.stop()
    aws.start()

    assert (status, at_once, found(aws), aws.endpoint_url) == (200, [], [], endpoint_url)
    assert [file for file in (aws.home / "objects").glob("*/*") if file.is_file()] == []


def test_a_reset_ends_the_processes_of_jobs_and_functions(aws: LocalSageMaker) -> None:
    filled(aws)
    assert processes(aws)

    aws.reset()

    assert processes(aws) == []


def test_the_same_names_can_be_used_after_a_reset_and_survive_a_restart(aws: LocalSageMaker) -> None:
    filled(aws)

    aws.reset()
    filled(aws)
    aws.stop()
    aws.start()

    s3 = client("s3", aws.endpoint_url, aws.region)
    assert s3.get_object(Bucket="flowers", Key="iris.csv")["Body"].read() == b"1"
    assert len(found(aws)) == 6


def test_a_long_poll_in_flight_does_not_outlive_a_reset(aws: LocalSageMaker) -> None:
    account = Account(aws, [])
    url, _ = account.queue()
    refused: list[str] = []

    def poll() -> None:
        try:
            account.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
        except ClientError as error:
            refused.append(error.response["Error"]["Code"])

    polling = threading.Thread(target=poll)
    polling.start()
    eventually(lambda: aws._gate._in_flight)
    aws.reset()
    polling.join(60)

    assert len(refused) == 1 and "NonExistentQueue" in refused[0]


def test_resets_while_requests_come_lose_no_later_write(aws: LocalSageMaker) -> None:
    s3 = client("s3", aws.endpoint_url, aws.region)
    ending = threading.Event()
    codes: list[int] = []

    def write() -> None:
        number = 0
        while not ending.is_set():
            number += 1
            try:
                s3.create_bucket(Bucket=f"bucket-{number}")
            except ClientError as error:
                codes.append(error.response["ResponseMetadata"]["HTTPStatusCode"])

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        aws.reset()
    ending.set()
    writer.join()
    s3.create_bucket(Bucket="last")
    before = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    aws.stop()
    aws.start()

    after = client("s3", aws.endpoint_url, aws.region).list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in after] == before
    assert [code for code in codes if code >= 500] == []


@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/data.json", "/moto-api/seed?a=1", "/moto-api/reset-auth"])
def test_the_rest_of_motos_own_api_is_refused(aws: LocalSageMaker, path: str) -> None:
    assert post(aws, path) == 404
    assert post(aws, "/moto-api/reset", "GET") == 404


def test_a_page_cannot_reset(aws: LocalSageMaker) -> None:
    client("s3", aws.endpoint_url, aws.region).create_bucket(Bucket="flowers")

    assert post(aws, "/moto-api/reset", Origin="http://evil.test") == 403
    assert found(aws)


def test_one_that_has_stopped_cannot_be_reset(aws: LocalSageMaker) -> None:
    aws.stop()

    with pytest.raises(RuntimeError, match="not running"):
        aws.reset()
