"""Lambdas killed for real (kill -9) while they buy and while they record: one tuning job, one record, one message."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from cli.local.stack import running_stack
from local_sagemaker import Published
from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import DATA, PATIENCE_S, SPEC, Person

LEASE_S = 60
"""The least that the stack allows for one look at a batch; a killed Lambda's lease lasts no longer."""
SCHEDULED = {
    "version": "0",
    "id": "89d1a02d-5ec7-412e-82f5-13505f849b41",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2016-12-30T18:44:49Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/SampleRule"],
    "detail": {},
}
"""docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html"""


class Stage:
    """A local AWS in this process, with the messages that it published."""

    def __init__(self, up: Up, published: list[Published]):
        self.up = up
        self.published = published

    def told(self, dataset: str) -> list[str]:
        return [message.subject or "" for message in self.published if f" {dataset}:" in (message.subject or "")]

    def sweep(self, person: Person) -> None:
        """What the schedule does each quarter of an hour."""
        functions = person.client("lambda").list_functions()["Functions"]
        (name,) = (found["FunctionName"] for found in functions if found["Handler"] == "app.sweep")
        person.client("lambda").invoke(FunctionName=name, Payload=json.dumps(SCHEDULED))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("kills")
    published: list[Published] = []
    parameters = {"SettleSeconds": "1", "UploadTimeoutSeconds": str(LEASE_S)}
    with running_stack(home, parameters=parameters, on_published=published.append) as running:
        yield Stage(Up(Cli(home), dict(running.ready), None), published)  # type: ignore[arg-type]


@pytest.mark.parametrize("phase", ["Copying", "Creating"])
def test_a_lambda_killed_while_it_buys_is_made_good_by_the_sweep(stage: Stage, phase: str) -> None:
    person = Person(stage.up, f"in-{phase.lower()}")
    person.put("tuning.json", SPEC)
    person.put("train/iris.csv", DATA)

    killed_in = kill_when(person, phase)
    started = time.monotonic()
    while person.head().get("phase") != "Ended" and time.monotonic() < started + LEASE_S + PATIENCE_S:
        stage.sweep(person)
        time.sleep(1)

    record = person.tuned()
    assert killed_in, "the Lambda was too quick to be killed"
    assert len(person.tuning_jobs()) == 1 and record["best"]
    assert len(stage.told(person.dataset)) == 1


def test_a_lambda_killed_while_it_records_is_run_again_by_lambda_itself(stage: Stage) -> None:
    person = Person(stage.up, "in-ended")
    person.put("tuning.json", SPEC)
    person.put("train/iris.csv", DATA)

    deadline = time.monotonic() + PATIENCE_S
    while not kill(person.up, "app.on_tuning_ended") or not any_ended(person):
        assert time.monotonic() < deadline
        time.sleep(0.01)

    record = person.tuned()
    assert len(person.tuning_jobs()) == 1 and record["best"]
    assert len(stage.told(person.dataset)) in (1, 2)  # 2: killed between sending and marking


def any_ended(person: Person) -> bool:
    return any(job["HyperParameterTuningJobStatus"] == "Completed" for job in person.tuning_jobs())


def kill_when(person: Person, phase: str) -> bool:
    """Kill every process of the Lambda that buys as soon as the head is in this phase."""
    key = {"pk": {"S": f"dataset#{person.dataset}"}, "sk": {"S": "head"}}
    ledger, table = person.client("dynamodb"), person.up.ready["table"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        item: dict[str, Any] = ledger.get_item(TableName=table, Key=key).get("Item", {})
        now = item.get("phase", {}).get("S")
        if now == phase:
            return kill(person.up, "app.on_upload") > 0
        if now in ("Started", "Ended"):
            return False
    return False


def kill(up: Up, handler: str) -> int:
    """`kill -9` every process of this local AWS, and of no other on the machine, that runs this handler; how many
    there were."""
    found = 0
    for pid in up.cli.pids(naming=handler):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            found += 1
    return found
