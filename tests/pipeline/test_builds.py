"""Builds of the training image that end, and what is told about them."""

import json

import pytest

from chalicelib.errors import Unavailable
from chalicelib.events import build_ended
from tests.support.pipeline.builds import NEWER, OLDER, SAID, build_event, write_log
from tests.support.pipeline.steps import bodies
from tests.support.pipeline.world import World


def test_a_build_that_succeeded_is_told_once_with_the_image_and_has_every_dataset_looked_at(world: World) -> None:
    for dataset in ("iris", "sales"):
        world.upload("train/a.csv", "a,b\n1,2\n", dataset=dataset)
    pushed = world.push_image(NEWER)

    for _ in range(2):  # CodeBuild may tell twice
        world.pipeline().announce(build_ended(build_event()))

    assert len(world.topic.published) == 1
    assert f"the current image is {pushed}" in bodies(world)[0]
    assert world.queue.receive() == ["iris", "sales"]


def test_a_build_that_failed_is_told_with_the_last_lines_of_the_phase_that_failed(world: World) -> None:
    write_log(world.logs)

    world.pipeline().announce(build_ended(build_event("FAILED")))

    (body,) = bodies(world)
    assert SAID in body and "Command did not exit successfully" in body
    assert "later phase" not in body and "the image that is in use stays" in body
    assert json.loads(json.loads(world.topic.published[0]["Message"])["sqs"])["log"][-2] == SAID


@pytest.mark.parametrize("log", ["no-such-stream", None])
def test_a_failed_builds_message_does_not_wait_for_a_log_that_is_not_there(log: str | None, world: World) -> None:
    world.pipeline().announce(build_ended(build_event("FAILED", log=log)))

    (body,) = bodies(world)
    assert "What failed: BUILD: COMMAND_EXECUTION_ERROR: Reason: exit status 1" in body
    assert "last lines" not in body


def test_a_message_whose_teller_died_is_told_when_lambda_tries_again(world: World) -> None:
    ended = build_ended(build_event("FAILED"))
    world.kill_at = (len(world.effects) + 1, "before")  # it is claimed, and not sent
    world.survive(lambda: world.pipeline().announce(ended))

    with pytest.raises(Unavailable):
        world.pipeline().announce(ended)
    world.now += 180.0  # Lambda tries again after one minute, and after two more
    world.pipeline().announce(ended)

    assert len(world.topic.published) == 1


def test_an_older_build_that_ends_last_changes_nothing(world: World) -> None:
    world.pipeline().sweep()
    world.upload_iris()
    world.push_image(OLDER)

    world.pipeline().announce(build_ended(build_event()))

    assert f"the current image is {world.image}" in bodies(world)[0]
    assert world.queue.receive() == []


def test_a_build_of_another_image_than_the_pinned_one_says_which_stays(world: World) -> None:
    world.pins.pin("20260101T000000Z-aaaaaaa", world.now)
    world.push_image(NEWER)

    world.pipeline().announce(build_ended(build_event()))

    assert f"20260101T000000Z-aaaaaaa is pinned, so that {world.image} stays" in bodies(world)[0]
