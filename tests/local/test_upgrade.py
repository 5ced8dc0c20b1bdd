"""The home of the release before: its stack is updated in place, and what it knows is neither told nor tuned again."""

import json
from pathlib import Path

import pytest
from backports import tarfile

from tests.support.local.command_line import Cli
from tests.support.local.pipeline_client import Person, wait_for
from tests.support.pipeline.release import RECORDED

RELEASES = ["0.1.0"]


@pytest.mark.parametrize("release", RELEASES)
def test_a_home_of_the_release_before_goes_on_after_the_update(release: str, tmp_path: Path) -> None:
    was = json.loads((RECORDED / release / "ready.json").read_text())
    with tarfile.open(RECORDED / release / "home.tar.xz") as archive:
        archive.extractall(tmp_path / "home", filter="data")
    cli = Cli(tmp_path / "state")

    up = cli.up("--settle", 1, "--home", tmp_path / "home")
    iris, refused = Person(up, "iris"), Person(up, "refused")
    for person in (iris, refused):
        up.client("sqs").send_message(
            QueueUrl=up.ready["queue_url"], MessageBody=json.dumps({"dataset": person.dataset})
        )
    adopted = wait_for(lambda: cause(refused), "the refusal to be looked at")
    shown = json.loads(cli("status", "--json").stdout)
    best = json.loads(cli("best", "iris", "--json").stdout)
    tuning_jobs = iris.tuning_jobs()
    down = cli("down")

    assert {name: up.ready[name] for name in was} == was  # the bucket, the ledger, the roles are the same ones
    assert adopted["code"] == {"S": "data-refused"}
    assert {one["dataset"]: one["state"] for one in shown} == {"iris": "completed", "refused": "refused"}
    assert best["objective"]["value"] == pytest.approx(0.107846, abs=1e-6)
    assert len(tuning_jobs) == 1
    assert "Message " not in up.said() and "Traceback" not in up.said()
    assert down.returncode == 0 and up.process.wait(60) == 0


def cause(person: Person) -> dict[str, dict[str, str]] | None:
    key = {"pk": {"S": f"dataset#{person.dataset}"}, "sk": {"S": "head"}}
    found = person.client("dynamodb").get_item(TableName=person.up.ready["table"], Key=key, ConsistentRead=True)
    return found["Item"].get("cause", {}).get("M")
