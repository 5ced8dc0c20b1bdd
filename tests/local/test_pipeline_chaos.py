"""Retune where events come as badly as they may: one tuning job, one record, one message, once the sweep has looked."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import Cli, Up
from pipeline_client import DATA, PATIENCE_S, SPEC, Person
from test_pipeline_kills import Stage

from cli.local import running_stack
from cli.up_wishes import Wishes
from localaws import Chaos, Published

LATEST_S = 10
"""No event comes later than this: one that is held back waits for its delay, up to three times 3 s."""
BAD = {
    "nothing comes of SageMaker": Chaos(duplicate=1, delay=1, drop=1, reorder=0, seed=1),
    "everything comes twice, late and out of order": Chaos(duplicate=1, delay=3, drop=0, reorder=0.8, seed=2),
    "all at once": Chaos(duplicate=0.8, delay=2, drop=0.5, reorder=0.5, seed=3),
}


@pytest.fixture(params=list(BAD))
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("chaos")
    published: list[Published] = []
    parameters, wishes = {"SettleSeconds": "1"}, Wishes(chaos=BAD[request.param])
    with running_stack(home, parameters=parameters, wishes=wishes, on_published=published.append) as running:
        yield Stage(Up(Cli(home), dict(running.ready), None), published)  # type: ignore[arg-type]


def test_chaos_changes_nothing_of_what_is_recorded_and_told(stage: Stage) -> None:
    person = Person(stage.up, "chaos")
    person.put("tuning.json", SPEC)
    person.put("train/iris.csv", DATA)

    started = time.monotonic()
    while person.head().get("phase") != "Ended" and time.monotonic() < started + PATIENCE_S:
        stage.sweep(person)
        time.sleep(1)
    person.tuned()
    time.sleep(LATEST_S)
    written = records(person)
    stage.sweep(person)
    stage.sweep(person)

    assert len(person.tuning_jobs()) == 1
    assert len(stage.told(person.dataset)) == 1
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
