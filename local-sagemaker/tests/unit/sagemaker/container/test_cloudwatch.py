"""Training metrics in CloudWatch: what is sent, and what a client finds there."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.validate import validate_parameters

from local_sagemaker.clients import client
from local_sagemaker.sagemaker.container.cloudwatch import NAMESPACE, JobMetrics
from support.account import Account
from support.sagemaker_world import World, a_world

NOON = 1_800_000_000.0
"""A whole minute, in epoch seconds."""
MODEL = client("cloudwatch", "http://127.0.0.1:1", "us-east-1").meta.service_model.operation_model("PutMetricData")


class CloudWatch:
    """Remembers what was put, if botocore's model accepts it."""

    def __init__(self) -> None:
        self.requests: list[list[dict[str, Any]]] = []

    def put_metric_data(self, **request: Any) -> None:
        validate_parameters(request, MODEL.input_shape)
        assert request["Namespace"] == NAMESPACE
        self.requests.append(request["MetricData"])


class Silent:
    def put_metric_data(self, **_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


@pytest.fixture
def cloudwatch() -> CloudWatch:
    return CloudWatch()


def test_the_first_value_is_sent_at_once_with_its_job_and_its_time(cloudwatch: CloudWatch) -> None:
    JobMetrics(cloudwatch, "job").add([("mse", 0.5)], NOON + 7.9)

    [[datum]] = cloudwatch.requests
    assert datum["MetricName"] == "mse"
    assert datum["Dimensions"] == [{"Name": "TrainingJobName", "Value": "job"}]
    assert datum["Timestamp"] == datetime.fromtimestamp(NOON + 7, UTC)
    assert datum["StatisticValues"] == {"SampleCount": 1, "Sum": 0.5, "Minimum": 0.5, "Maximum": 0.5}


def test_thousands_of_values_within_a_minute_are_sent_as_one_datum(cloudwatch: CloudWatch) -> None:
    metrics = JobMetrics(cloudwatch, "job")
    metrics.add([("mse", 1.0)], NOON)

    for number in range(5000):
        metrics.add([("mse", float(number))], NOON + 1)
    metrics.send()

    [datum] = cloudwatch.requests[1]
    expected = {"SampleCount": 5000, "Sum": 5000 * 4999 / 2, "Minimum": 0.0, "Maximum": 4999.0}
    assert (len(cloudwatch.requests), datum["StatisticValues"]) == (2, expected)


def test_values_of_different_minutes_are_different_data(cloudwatch: CloudWatch) -> None:
    metrics = JobMetrics(cloudwatch, "job")
    metrics.add([("mse", 1.0)], NOON + 55)
    metrics.add([("mse", 2.0)], NOON + 59)

    metrics.add([("mse", 3.0)], NOON + 61)
    metrics.send()

    times = [datum["Timestamp"].timestamp() - NOON for datum in cloudwatch.requests[1]]
    assert times == [59.0, 61.0]


def test_a_value_that_waited_is_sent_with_the_next_one_ten_seconds_later(cloudwatch: CloudWatch) -> None:
    metrics = JobMetrics(cloudwatch, "job")
    metrics.add([("mse", 1.0)], NOON)
    metrics.add([("mse", 2.0)], NOON + 9)
    assert len(cloudwatch.requests) == 1

    metrics.add([("mse", 3.0)], NOON + 10)

    assert cloudwatch.requests[1][0]["StatisticValues"]["Sum"] == 5.0


def test_without_values_nothing_is_sent(cloudwatch: CloudWatch) -> None:
    metrics = JobMetrics(cloudwatch, "job")

    metrics.add([], NOON)
    metrics.send()

    assert cloudwatch.requests == []


def test_a_cloudwatch_that_does_not_answer_fails_no_job(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), a_world(None, tmp_path, cloudwatch=Silent()) as world:
        name = world.train("say('mse=1')")

        assert world.trained(name)["TrainingJobStatus"] == "Completed"
    assert f"the metrics of {name} did not reach CloudWatch" in caplog.text


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(None, tmp_path, cloudwatch=account.cloudwatch) as world:
        yield world


def statistics(cloudwatch: Any, job: Any, name: str) -> list[dict[str, Any]]:
    """What version 2 of the SDK's `training_job_analytics` asks for: averages from the job's start to its end."""
    found = cloudwatch.get_metric_statistics(
        Namespace="/aws/sagemaker/TrainingJobs",
        MetricName=name,
        Dimensions=[{"Name": "TrainingJobName", "Value": job["TrainingJobName"]}],
        StartTime=datetime.fromtimestamp(job["TrainingStartTime"], UTC),
        EndTime=datetime.fromtimestamp(job["TrainingEndTime"], UTC) + timedelta(minutes=1),
        Period=60,
        Statistics=["Average", "SampleCount"],
    )
    return list(found["Datapoints"])


def test_the_sdks_question_is_answered_with_each_metric(account: Account, world: World) -> None:
    job = world.trained(world.train("say('mse=1'); say('mse=3')"))

    found = statistics(account.cloudwatch, job, "mse")

    assert sum(point["SampleCount"] for point in found) == 2
    assert sum(point["SampleCount"] * point["Average"] for point in found) == 4.0


def test_each_job_has_metrics_of_its_own(account: Account, world: World) -> None:
    first, second = (world.trained(world.train(f"say('mse={value}')")) for value in (1, 2))

    averages = [statistics(account.cloudwatch, job, "mse")[0]["Average"] for job in (first, second)]

    assert averages == [1.0, 2.0]
