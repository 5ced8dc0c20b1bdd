"""`./retune up` killed (kill -9) in the middle of a tuning job, and up again in the same home."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.local.command_line import Cli
from tests.support.local.pipeline_client import DATA, Person, wait_for

JOBS = 8
SPEC = json.dumps({"target": "Sepal.Length", "max_jobs": JOBS, "max_parallel_jobs": 2, "seed": 1})


@pytest.mark.timeout(900)  # it deploys twice
def test_a_killed_up_goes_on_where_it_was(tmp_path: Path) -> None:
    cli, home = Cli(tmp_path / "state"), tmp_path / "home"
    first = cli.up("--settle", 1, "--home", home)
    refused = Cli(tmp_path / "other")("up", "--home", home)
    me = Person(first, "iris")
    taken = taken_message(me)
    me.put("tuning.json", SPEC)
    me.put("train/iris.csv", DATA)
    finished = wait_for(lambda: completed(me, at_least=2), "two training jobs to complete")
    first.process.kill()
    first.process.wait()
    said_first = first.said()
    second = cli.up("--settle", 1, "--home", home)
    me = Person(second, "iris")
    record = me.tuned()

    assert refused.returncode == 1
    assert f"another local AWS (process {first.process.pid})" in " ".join(refused.stderr.split())
    assert {**second.ready, "endpoint_url": "", "queue_url": ""} == {**first.ready, "endpoint_url": "", "queue_url": ""}
    assert me.s3.get_object(Bucket=second.ready["bucket"], Key=me.key("train/iris.csv"))["Body"].read() == DATA
    (tuning,) = me.tuning_jobs()
    assert tuning["TrainingJobStatusCounters"]["Completed"] == JOBS and record["best"]
    names = {row["TrainingJobName"] for row in training_jobs(me)}
    assert len(names) == JOBS and finished <= names
    wait_for(lambda: "tuning-ended:" in said_first + second.said() or None, "the message")
    assert (said_first + second.said()).count("Message tuning-ended:") == 1
    assert wait_for(lambda: came_again(me), "the message in flight") == taken
    assert cli("down").returncode == 0 and second.process.wait(60) == 0
    assert "Traceback" not in second.said() and cli.processes() == []


def taken_message(me: Person) -> str:
    """The id of a message that is in flight for some seconds yet."""
    sqs = me.client("sqs")
    url = sqs.create_queue(QueueName="own")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    (message,) = sqs.receive_message(QueueUrl=url, VisibilityTimeout=15)["Messages"]
    return str(message["MessageId"])


def came_again(me: Person) -> str | None:
    sqs = me.client("sqs")
    found = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="own")["QueueUrl"]).get("Messages")
    return str(found[0]["MessageId"]) if found else None


def completed(me: Person, at_least: int) -> set[str] | None:
    names = {row["TrainingJobName"] for row in training_jobs(me) if row["TrainingJobStatus"] == "Completed"}
    return names if len(names) >= at_least else None


def training_jobs(me: Person) -> list[dict[str, Any]]:
    sagemaker, tuning = me.client("sagemaker"), me.tuning_jobs()
    if not tuning:
        return []
    name = tuning[0]["HyperParameterTuningJobName"]
    listed = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, MaxResults=100
    )
    return list(listed["TrainingJobSummaries"])
