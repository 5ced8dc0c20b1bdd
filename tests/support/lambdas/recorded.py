"""The recorded events, and a stack's Lambdas that get them."""

import copy
import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from moto.events.models import EventPattern

from tests.support.lambdas import cold
from tests.support.local.deployed import Deployed
from tests.support.local.pipeline_client import wait_for
from tests.support.local.training_requests import definition, random_search

EVENTS = Path(__file__).parents[2] / "events"
_ids = itertools.count(1)


def names(source: str) -> list[str]:
    """The recorded events of one source."""
    return sorted(path.stem for path in (EVENTS / source).glob("*.json"))


def event(name: str) -> Any:
    """A recorded event, such as `s3/object-created`."""
    return json.loads((EVENTS / f"{name}.json").read_text())


def batch(*bodies: str) -> dict[str, Any]:
    """What Lambda's poller makes of these messages."""
    first = event("sqs/batch")["Records"][0]
    return {
        "Records": [
            {
                **copy.deepcopy(first),
                "messageId": f"message-{next(_ids)}",
                "body": body,
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
            }
            for body in bodies
        ]
    }


@dataclass(frozen=True)
class Answered:
    """`log` is what the function wrote meanwhile."""

    answer: Any
    error: str | None
    log: str

    @property
    def went_well(self) -> bool:
        """Neither failed, nor did anything in it that was caught and logged."""
        return self.error is None and "Traceback" not in self.log and '"level":"ERROR"' not in self.log


@dataclass(frozen=True)
class Lambdas:
    """The functions of a deployed stack, and what their events come to."""

    deployed: Deployed

    def invoke(self, handler: str, payload: Any) -> Answered:
        """Run the function in the environment that its template gives it."""
        name = self.named[handler]
        log = self.deployed.running.aws.home / "logs" / f"{name}.log"
        before = log.stat().st_size if log.exists() else 0
        said = self.deployed.client("lambda").invoke(FunctionName=name, Payload=json.dumps(payload))
        answer = json.loads(said["Payload"].read() or b"null")
        return Answered(answer, said.get("FunctionError"), log.read_bytes()[before:].decode())

    @cached_property
    def named(self) -> dict[str, str]:
        return {handler: cold.find(self.deployed.running, handler).name for handler in cold.HANDLERS}

    def reached_by(self, one: dict[str, Any]) -> set[str]:
        """The handlers to which the stack's rules bring an event; the uploads queue is `on_upload`'s."""
        return {
            handler
            for arn in self._targets_of(one)
            for handler, name in {**self.named, "on_upload": "Uploads"}.items()
            if name in arn
        }

    def _targets_of(self, one: dict[str, Any]) -> Iterator[str]:
        events = self.deployed.client("events")
        for rule in events.list_rules()["Rules"]:
            pattern = rule.get("EventPattern")
            if pattern and EventPattern.load(pattern).matches_event(one):
                targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
                yield from (target["Arn"] for target in targets)

    def in_the_bucket(self, one: dict[str, Any]) -> dict[str, Any]:
        """An event of S3's as if it were of the stack's bucket."""
        detail = {**one["detail"], "bucket": {"name": self.deployed.stack.bucket_name}}
        return {**one, "detail": detail}

    def failed_tuning_job(self, name: str, tags: dict[str, str]) -> dict[str, Any]:
        """Have a tuning job of no data run to its end; the event of that, as AWS documents it."""
        ready, sagemaker = self.deployed.running.ready, self.deployed.client("sagemaker")
        output_uri = f"s3://{ready['bucket']}/output/"
        sagemaker.create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig=random_search(jobs=1, parallel=1),
            TrainingJobDefinition=definition(ready["image_uri"], ready["training_role_arn"], output_uri),
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        describe = partial(sagemaker.describe_hyper_parameter_tuning_job, HyperParameterTuningJobName=name)
        wait_for(lambda: describe()["HyperParameterTuningJobStatus"] == "Failed" or None, f"{name} to fail")
        ended: dict[str, Any] = event("sagemaker/failed")
        ended["detail"]["HyperParameterTuningJobName"] = name
        return ended

    def ledger_keys(self) -> set[tuple[str, str]]:
        """The keys of all items of the ledger."""
        pages = self.deployed.client("dynamodb").get_paginator("scan").paginate(TableName=self.deployed.stack.table)
        return {(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]}
