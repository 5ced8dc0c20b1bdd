"""The training image: builds that end, images that change, and the tag that a person pins."""

import json

import pytest

from chalicelib.decision import Nothing, Wait
from chalicelib.errors import Unavailable
from chalicelib.events import build_ended
from tests.pipeline.builds import SAID, build_event, write_log
from tests.pipeline.steps import finish_the_tuning_job
from tests.pipeline.world import World

NEWER, OLDER = "20260201T000000Z-bbbbbbb", "20251201T000000Z-0000000"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def upload_iris_that_follows_the_image(world: World) -> None:
    world.upload_iris()
    world.upload("tuning.json", '{"target": "Sepal.Length", "retune_on_new_image": true}')


def images_asked_for(world: World) -> list[str]:
    return [
        request["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"]
        for request in world.sagemaker.requests
    ]


def bodies(world: World) -> list[str]:
    return [" ".join(json.loads(said["Message"])["default"].split()) for said in world.topic.published]


def reconcile_what_was_poked(world: World) -> None:
    for dataset in dict.fromkeys(world.queue.receive()):
        world.reconcile(dataset)


# Builds that end


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


# Images that change


def test_a_dataset_that_follows_the_image_is_tuned_again_although_the_builds_event_was_lost(world: World) -> None:
    upload_iris_that_follows_the_image(world)
    world.settle()
    finish_the_tuning_job(world)
    world.pipeline().sweep()
    world.queue.receive()
    pushed = world.push_image(NEWER)

    world.pipeline().sweep()
    reconcile_what_was_poked(world)

    assert images_asked_for(world) == [world.image, pushed]
    assert f"Now {pushed} Before {world.image}" in bodies(world)[-1]


def test_a_dataset_that_does_not_follow_the_image_keeps_its_model(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    world.pipeline().sweep()
    world.push_image(NEWER)

    world.pipeline().sweep()
    reconcile_what_was_poked(world)

    assert images_asked_for(world) == [world.image]
    assert isinstance(world.reconcile(), Nothing)


def test_a_sweep_that_finds_the_same_image_writes_and_says_nothing(world: World) -> None:
    world.upload_iris()
    world.pipeline().sweep()
    assert world.topic.published == []  # the first image is nobody's news
    world.queue.receive()
    before = list(world.effects)

    world.pipeline().sweep()

    assert world.effects == before


def test_back_and_forth_between_two_images_is_told_each_time(world: World) -> None:
    world.pipeline().sweep()
    world.push_image(NEWER)
    world.pipeline().sweep()
    world.pins.pin("20260101T000000Z-aaaaaaa", world.now)
    world.pipeline().sweep()
    world.pins.pin(None, world.now)
    world.pipeline().sweep()

    assert world.topic.ids == ["image-changed:2", "image-changed:3", "image-changed:4"]


@pytest.mark.parametrize(("tag", "kind"), [("latest", None), (NEWER, OCI_MANIFEST)])
def test_a_tag_that_no_build_made_or_a_manifest_that_sagemaker_refuses_is_never_current(
    tag: str, kind: str | None, world: World
) -> None:
    world.push_image(tag, *([kind] if kind else []))
    world.upload_iris()

    world.settle()

    assert images_asked_for(world) == [world.image]


# The tag that is pinned


def test_the_pinned_image_is_taken_instead_of_a_newer_one(world: World) -> None:
    world.push_image(NEWER)
    world.pins.pin("20260101T000000Z-aaaaaaa", world.now)
    world.upload_iris()

    world.settle()

    assert images_asked_for(world) == [world.image]


def test_rolling_back_to_an_image_that_tuned_these_very_data_buys_nothing(world: World) -> None:
    upload_iris_that_follows_the_image(world)
    world.settle()
    finish_the_tuning_job(world)
    world.push_image(NEWER)
    world.reconcile()
    finish_the_tuning_job(world)

    world.pins.pin("20260101T000000Z-aaaaaaa", world.now)

    assert isinstance(world.reconcile(), Nothing)
    assert len(world.sagemaker.requests) == 2


def test_where_the_pinned_image_is_gone_no_other_is_taken_and_it_is_told(world: World) -> None:
    world.push_image(NEWER)
    world.pins.pin(NEWER, world.now)
    world.delete_image(NEWER)
    world.upload_iris()

    decision = world.settle()

    assert isinstance(decision, Wait) and f"pinned to {NEWER}, and that is gone" in decision.reason
    assert world.sagemaker.requests == []
    assert "./retune image unpin" in bodies(world)[0]

    world.pins.pin(None, world.now)
    world.reconcile()
    assert images_asked_for(world) == [world.image]
