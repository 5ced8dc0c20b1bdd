"""`./retune logs`: a training job's log, followed while it runs or read afterwards; and what a Lambda logged."""

import itertools
import json
from typing import Any

from cli.logs.training_job import JobLog
from tests.support.local.command_line import Up
from tests.support.local.pipeline_client import DATA, SPEC, Person


def test_what_r_printed_in_a_training_job_can_be_read_afterwards(up: Up) -> None:
    person = Person(up, "logged")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", SPEC)
    record = person.tuned()

    asked = up.cli("logs", record["best"]["training_job"])

    assert asked.returncode == 0, asked.stderr
    assert any(line.startswith("mse: ") for line in asked.stdout.splitlines())


def test_a_job_that_is_followed_is_shown_to_its_end_and_each_line_once(up: Up) -> None:
    person = Person(up, "followed")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", SPEC)
    job = person.tuned()["best"]["training_job"]
    statuses = itertools.chain(["InProgress", "InProgress"], itertools.repeat("Completed"))

    log = JobLog(Sleepy(statuses), person.client("logs"), job, sleep=lambda _: None)

    lines = list(log.followed())
    assert "\n".join(lines) == up.cli("logs", job, "--follow").stdout.rstrip("\n")


def test_a_job_that_nobody_knows_is_not_found(up: Up) -> None:
    asked = up.cli("logs", "no-such-job")

    assert asked.returncode == 4
    assert "There is no training job named no-such-job." in asked.stderr and asked.stdout == ""


def test_what_a_lambda_logged_is_readable_and_of_that_lambda_only(up: Up) -> None:
    person = Person(up, "heard")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", SPEC)
    person.tuned()

    read = up.cli("logs", "--function", "on_upload", "--since", "10m")
    raw = up.cli("logs", "--function", "on_upload", "--json")
    other = up.cli("logs", "--function", "on_tuning_ended")

    assert read.returncode == 0, read.stderr
    assert any(" INFO  start dataset=heard attempt=1 " in line for line in read.stdout.splitlines())
    assert "START RequestId" not in read.stdout and "_aws" not in read.stdout
    lines = [json.loads(line) for line in raw.stdout.splitlines()]
    assert {"start", "wait"} <= {line["message"]["message"] for line in lines if "level" in line["message"]}
    assert " start dataset=" not in other.stdout and "REPORT" in other.stdout


def test_a_lambda_that_there_is_not_is_not_found_and_the_nearest_is_named(up: Up) -> None:
    asked = up.cli("logs", "--function", "onupload")

    assert asked.returncode == 4
    assert "did you mean on_upload?" in asked.stderr
    assert "on_build_ended, on_tuning_ended, on_upload, sweep" in asked.stderr


def test_logs_are_a_jobs_or_a_lambdas(up: Up) -> None:
    assert up.cli("logs").returncode == 2
    assert up.cli("logs", "job", "--function", "sweep").returncode == 2
    assert up.cli("logs", "--function", "sweep", "--since", "soon").returncode == 2


class Sleepy:
    """A SageMaker whose job takes its time to end."""

    def __init__(self, statuses: Any):
        self._statuses = statuses

    def describe_training_job(self, **_: Any) -> dict[str, Any]:
        return {"TrainingJobStatus": next(self._statuses)}
