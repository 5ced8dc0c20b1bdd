"""A run of every path that the functions have, and each permission that they asked for on the way."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.local import image
from cli.local.stack import Running, running_stack
from local_sagemaker import AccessDecision
from tests.support.local.aws_events import build_ended, event
from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import DATA, Person, wait_for

SETTLE_S = 1
QUICK = json.dumps({"target": "Sepal.Length", "max_jobs": 1})
SUPERSEDING = QUICK.replace("}", ', "on_new_data": "supersede"}')
LONG = json.dumps({"target": "Sepal.Length", "max_jobs": 60, "max_parallel_jobs": 1, "on_new_data": "supersede"})
CHANGED = DATA.replace(b"5.1,3.5", b"5.2,3.5")


class Recorded:
    """What was asked for, each thing once, by the function's logical name in the template."""

    def __init__(self) -> None:
        self._judged: dict[str, AccessDecision] = {}

    def __call__(self, judged: AccessDecision) -> None:
        self._judged.setdefault(repr((judged.session, judged.asked, judged.decided)), judged)

    @property
    def all(self) -> list[AccessDecision]:
        return list(self._judged.values())

    def by_function(self) -> dict[str, list[AccessDecision]]:
        found = defaultdict(list)
        for judged in self.all:
            found[judged.session.name.split("-")[1]].append(judged)
        return dict(found)


class Play:
    """The run. Every wait has its reason; nothing is left to the order in which events happen to come."""

    def __init__(self, home: Path, running: Running) -> None:
        self._up = Up(Cli(home), dict(running.ready), None)  # type: ignore[arg-type]
        self._home = home
        self._queue = running.stack.queue
        self._client = client = running.stack.target.client
        self._lambda, self._events, self._dynamodb = client("lambda"), client("events"), client("dynamodb")
        resources = client("cloudformation").describe_stack_resources(StackName=running.stack.name)["StackResources"]
        self._names = {
            one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources if "PhysicalResourceId" in one
        }

    def everything(self) -> None:
        tuned = self._dropped("tuned", QUICK)
        tuned.tuned()
        self._dropped("refused", None).decided("Refuse")
        self._superseded()
        self._concluded_by_the_sweep()
        self._adopted(tuned)
        for name in ("SUCCEEDED", "FAILED"):
            self._invoke("OnBuildEnded", build_ended(name))
        self._another_image(3000)
        self._invoke("OnBuildEnded", build_ended("SUCCEEDED", "second"))
        self._another_image(3001)
        self._swept(tuned)
        self._handed_over()

    def _superseded(self) -> None:
        """Newer data stop a tuning job; at its end the next one starts."""
        person = self._dropped("newer", LONG)
        wait_for(lambda: person.tuning_jobs() or None, "a long tuning job")
        person.put("tuning.json", SUPERSEDING)
        person.put("train/iris.csv", CHANGED)
        person.tuned(times=2)

    def _concluded_by_the_sweep(self) -> None:
        """No event tells that the tuning job has ended."""
        with self._without("OnTuningEndedOnTuningEndedEvent"):
            person = self._dropped("unheard", QUICK)
            wait_for(lambda: ended(person), "a tuning job to end unheard")
            self._queue.poke("unheard")
            person.tuned()

    def _adopted(self, person: Person) -> None:
        """The ledger is lost: the tuning job that is there is found by its name and its tags."""
        key = {":pk": {"S": f"dataset#{person.dataset}"}}
        table = self._up.ready["table"]
        found = self._dynamodb.query(TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=key)
        for item in found["Items"]:
            self._dynamodb.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
        self._queue.poke(person.dataset)
        person.tuned()

    def _swept(self, person: Person) -> None:
        """A dataset's time has come, and the overview is gone."""
        key = {"pk": {"S": f"dataset#{person.dataset}"}, "sk": {"S": "head"}}
        due = {":due": {"S": "waiting"}, ":then": {"N": "1"}}
        self._dynamodb.update_item(
            TableName=self._up.ready["table"],
            Key=key,
            UpdateExpression="SET due = :due, wake_at = :then",
            ExpressionAttributeValues=due,
        )
        person.s3.delete_object(Bucket=self._up.ready["bucket"], Key="tuning/index.html")
        self._invoke("Sweep", event("aws.events", "Scheduled Event", {}))

    def _another_image(self, year: int) -> None:
        """A build or a person has pushed one."""
        folder = self._home / str(year)
        folder.mkdir()
        (folder / "train").write_text(str(year))
        image.publish(self._client("ecr"), self._names["Image"], folder, datetime(year, 1, 1, tzinfo=UTC))

    def _handed_over(self) -> None:
        """Functions fail at events that nobody can read."""
        failing = ("OnTuningEnded", "OnBuildEnded", "Sweep")
        for function in failing:
            self._lambda.invoke(FunctionName=self._names[function], Payload="{}", InvocationType="Event")
        sqs, lost = self._client("sqs"), set()

        def all_lost() -> bool | None:
            for message in sqs.receive_message(QueueUrl=self._names["EventsDlq"], MaxNumberOfMessages=10).get(
                "Messages", ()
            ):
                lost.add(json.loads(message["Body"])["requestContext"]["functionArn"])
            return True if len(lost) == len(failing) else None

        wait_for(all_lost, "three events to be given up")

    def _dropped(self, dataset: str, spec: str | None) -> Person:
        person = self._person(dataset)
        if spec:
            person.put("tuning.json", spec)
        person.put("train/iris.csv", DATA)
        return person

    def _person(self, dataset: str) -> Person:
        return Person(self._up, dataset)

    @contextmanager
    def _without(self, rule: str) -> Iterator[None]:
        """Somebody has disabled the rule."""
        self._events.disable_rule(Name=self._names[rule])
        yield
        self._events.enable_rule(Name=self._names[rule])

    def _invoke(self, function: str, event: dict[str, Any]) -> None:
        answer = self._lambda.invoke(FunctionName=self._names[function], Payload=json.dumps(event))
        assert "FunctionError" not in answer, answer["Payload"].read()


def ended(person: Person) -> bool | None:
    statuses = {job["HyperParameterTuningJobStatus"] for job in person.tuning_jobs()}
    return True if statuses and statuses <= {"Completed", "Stopped"} else None


@contextmanager
def recorded_run(home: Path) -> Iterator[tuple[Recorded, Running]]:
    """The run has ended; its local AWS is still up."""
    recorded = Recorded()
    parameters = {"SettleSeconds": str(SETTLE_S), "BuildSource": "https://github.com/owner/project"}
    with running_stack(home, parameters=parameters, on_decision=recorded) as running:
        Play(home, running).everything()
        yield recorded, running
