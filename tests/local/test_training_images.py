"""The images of a stack that is up: builds that end are told, and `image list`, `pin`, `unpin` and `prune`."""

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.local.image import publish
from tests.support.local.command_line import IRIS, ROOT, Up
from tests.support.local.pipeline_client import Person, wait_for
from tests.support.pipeline.builds import SAID, build_event, write_log

QUICK = {"target": "Sepal.Length", "max_jobs": 1, "seed": 1}
REPOSITORY = "retune-mars"


@pytest.fixture(scope="module")
def person(up: Up) -> Person:
    """The owner of a dataset whose champion was made by the image that is there from the beginning."""
    (up.cli.state / "tuning.json").write_text(json.dumps(QUICK))
    ran = up.cli("submit", "iris", IRIS, "--spec", up.cli.state / "tuning.json", "--wait")
    assert ran.returncode == 0, ran.stderr
    return Person(up, "iris")


def images(person: Person) -> list[dict[str, Any]]:
    asked = person.up.cli("image", "list", "--json")
    assert asked.returncode == 0, asked.stderr
    return list(json.loads(asked.stdout))


def push(person: Person, folder: Path, day: int, change: str) -> str:
    """Another image, as of this day of January 2020 or, from 100 on, of 2100; its tag."""
    shutil.copytree(ROOT / "container", folder)
    (folder / "mars.R").write_text(change)
    built = datetime(2100 if day >= 100 else 2020, 1, day % 100, tzinfo=UTC)
    ecr = person.client("ecr")
    digest = publish(ecr, REPOSITORY, folder, built).rpartition("@")[2]
    (found,) = ecr.describe_images(repositoryName=REPOSITORY, imageIds=[{"imageDigest": digest}])["imageDetails"]
    return str(found["imageTags"][0])


def test_a_build_that_failed_is_told_with_its_last_lines(up: Up, person: Person) -> None:
    source = "BuildSource=https://github.com/you/retune.git"
    deployed = up.cli("deploy", "--yes", "--set", source)  # only with a build may its log be read
    assert deployed.returncode == 0, deployed.stderr
    write_log(person.client("logs"))
    event = build_event("FAILED")
    entry = {"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}

    # AWS lets nobody but CodeBuild say this.
    person.client("events").put_events(Entries=[entry])

    wait_for(lambda: "image build failed" in up.said() or None, "the failed build to be told")
    assert SAID in " ".join(up.said().split())


def test_the_list_says_which_image_is_current_and_who_names_it(person: Person) -> None:
    (image,) = images(person)

    assert image["current"] and not image["pinned"]
    assert person.up.ready["image_uri"].endswith(f":{image['tags'][0]}")
    assert image["named_by"][0] == "champion of iris"
    assert image["named_by"][1].startswith("model package retune-iris")
    shown = person.up.cli("image", "list").stdout
    assert "champion of iris" in shown and "current" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_a_pin_rolls_back_until_it_is_taken_away(person: Person, tmp_path: Path) -> None:
    (before,) = images(person)
    newer = push(person, tmp_path / "newer", 101, "# newer")
    assert [image["current"] for image in images(person) if image["tags"] == [newer]] == [True]

    pinned = person.up.cli("image", "pin", before["tags"][0])

    assert pinned.returncode == 0 and before["digest"] in pinned.stderr
    now = {image["uri"]: image for image in images(person)}
    assert now[before["uri"]]["current"] and now[before["uri"]]["pinned"]
    assert before["tags"][0] in person.up.cli("explain", "iris").stdout
    assert json.loads(person.up.cli("explain", "iris", "--json").stdout)["pinned_image"] == before["tags"][0]
    assert "pinned" in person.up.cli("doctor").stdout

    for said in ("is no longer pinned", "No image is pinned"):
        assert said in person.up.cli("image", "unpin").stderr
    assert [image["tags"] for image in images(person) if image["current"]] == [[newer]]


def test_a_tag_that_is_not_there_cannot_be_pinned_and_near_ones_are_named(person: Person) -> None:
    tag = images(person)[0]["tags"][0]

    asked = person.up.cli("image", "pin", tag[:-1])

    assert asked.returncode == 4
    assert f"Did you mean {tag}" in " ".join(asked.stderr.split())


def test_prune_says_first_and_deletes_only_what_nothing_names(person: Person, tmp_path: Path) -> None:
    named, pin_me = person.up.ready["image_uri"].rpartition(":")[2], push(person, tmp_path / "1", 1, "# one")
    unneeded = push(person, tmp_path / "2", 2, "# two")
    current = push(person, tmp_path / "3", 131, "# three")
    time.sleep(1.1)  # the time of a push has whole seconds
    newest = push(person, tmp_path / "4", 4, "# four")
    person.up.cli("image", "pin", pin_me)

    shown = person.up.cli("image", "prune", "--keep", "1")

    assert shown.returncode == 0
    assert unneeded in shown.stdout and pin_me not in shown.stdout and newest not in shown.stdout

    done = person.up.cli("image", "prune", "--keep", "1", "--yes")

    assert done.returncode == 0, done.stderr
    assert f"Deleted {len(shown.stdout.split())} images" in done.stderr, "before, it was only said what could go"
    left = images(person)
    assert {named, pin_me, newest} <= {tag for image in left for tag in image["tags"]}
    assert not {unneeded, current} & {tag for image in left for tag in image["tags"]}
    assert "of which 0 can be deleted" in person.up.cli("image", "prune", "--keep", "1", "--yes").stderr


def test_where_the_pinned_image_is_gone_nothing_starts_and_it_is_explained(person: Person) -> None:
    (pinned,) = [image for image in images(person) if image["pinned"]]
    person.client("ecr").batch_delete_image(repositoryName=REPOSITORY, imageIds=[{"imageDigest": pinned["digest"]}])
    other = Person(person.up, "late")

    other.put("train/iris.csv", IRIS.read_bytes())
    other.put("tuning.json", json.dumps(QUICK))

    other.decided("Wait", f"pinned to {pinned['tags'][0]}, which is gone")
    assert "is no longer in the repository" in " ".join(person.up.cli("image", "list").stderr.split())
    person.up.cli("image", "unpin")
    other.tuned()
