"""Retune where events come as badly as they may: one tuning job, one record, one message, once the sweep has looked."""

import time
from collections.abc import Iterator

import pytest
from command_line import Cli, Up
from pipeline_client import DATA, PATIENCE_S, SPEC, Person
from test_pipeline_kills import Stage

from cli.local import running_stack
from cli.up_wishes import Wishes
from localaws import Chaos, Published

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
    record = person.tuned()
    time.sleep(8)  # the latest event that any of them may bring: held 3 + 3 s, and its copy
    stage.sweep(person)

    assert len(person.tuning_jobs()) == 1 and record["best"]
    assert len(stage.told(person.dataset)) == 1
    assert records(person) == 1


def records(person: Person) -> int:
    """How often the record was written: its bucket keeps versions, or its one object stands for one."""
    bucket, prefix = person.up.ready["bucket"], f"tuning/{person.dataset}/"
    found = person.s3.list_object_versions(Bucket=bucket, Prefix=prefix).get("Versions", [])
    return sum(version["Key"].endswith("/record.json") for version in found)
