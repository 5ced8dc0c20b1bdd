"""`./retune logs`: a training job's log, followed while it runs or read afterwards."""

import itertools
from typing import Any

from command_line import Up
from pipeline_client import DATA, SPEC, Person

from cli.logs import JobLog


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


class Sleepy:
    """A SageMaker whose job takes its time to end."""

    def __init__(self, statuses: Any):
        self._statuses = statuses

    def describe_training_job(self, **_: Any) -> dict[str, Any]:
        return {"TrainingJobStatus": next(self._statuses)}
