"""Retune where events come as badly as they may: one tuning job, one record, one message, once the sweep has looked."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cli.local.stack import running_stack
from local_sagemaker import Chaos, Published
from local_sagemaker.options import Options
from tests.local.pipeline.test_kills import Stage
from tests.support.local.command_line import Cli, Up
from tests.support.local.pipeline_client import DATA, PATIENCE_S, SPEC, Person

LATEST_S = 10
"""No event comes later than this: one that is held back waits for its delay, up to three times 3 s."""
BAD = [
    pytest.param(Chaos(duplicate=0.8, delay=2, drop=0.5, reorder=0.5, seed=3), id="all at once"),
    pytest.param(Chaos(duplicate=1, delay=1, drop=1, seed=1), id="none of SageMaker's", marks=pytest.mark.heavy),
    pytest.param(Chaos(duplicate=1, delay=3, drop=0, reorder=0.8, seed=2), id="none lost", marks=pytest.mark.heavy),
]


@dataclass(frozen=True)
class Rough:
    """A stage with bad events."""

    stage: Stage
    poke: Callable[[str], None]


@pytest.fixture(params=BAD)
def rough(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rough]:
    home = tmp_path_factory.mktemp("chaos")
    published: list[Published] = []
    parameters, options = {"SettleSeconds": "1"}, Options(chaos=request.param)
    with running_stack(home, parameters=parameters, options=options, on_published=published.append) as running:
        up = Up(Cli(home), dict(running.ready), None)  # type: ignore[arg-type]
        yield Rough(Stage(up, published), running.stack.queue.poke)


def test_chaos_changes_nothing_of_what_is_recorded_and_told(rough: Rough) -> None:
    person = Person(rough.stage.up, "chaos")
    person.put("tuning.json", SPEC)
    person.put("train/iris.csv", DATA)

    started = time.monotonic()
    while person.head().get("phase") != "Ended" and time.monotonic() < started + 2 * PATIENCE_S:
        rough.poke(person.dataset)  # as the sweep does once a quarter of an hour has passed
        time.sleep(3)
    person.tuned()
    time.sleep(LATEST_S)
    written = records(person)
    rough.stage.sweep(person)
    rough.poke(person.dataset)
    time.sleep(LATEST_S)

    assert len(person.tuning_jobs()) == 1
    assert len(rough.stage.told(person.dataset)) == 1
    assert written[-1]["told"] and all(said["best"] == written[0]["best"] for said in written)
    assert records(person) == written


def records(person: Person) -> list[dict[str, Any]]:
    """What the record has said so far, the oldest first: the bucket keeps its versions."""
    bucket, prefix = person.up.ready["bucket"], f"tuning/{person.dataset}/"
    listed = person.s3.list_object_versions(Bucket=bucket, Prefix=prefix)["Versions"]
    found = [version for version in listed if version["Key"].endswith("/record.json")]
    return [body(person, bucket, version) for version in reversed(found)]


def body(person: Person, bucket: str, version: dict[str, Any]) -> dict[str, Any]:
    got = person.s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    said: dict[str, Any] = json.loads(got["Body"].read())
    return said
