"""The training image: images that change, and the tag that a person pins."""

import pytest

from chalicelib.decision import Nothing, Wait
from tests.support.pipeline.builds import NEWER
from tests.support.pipeline.steps import bodies, finish_the_tuning_job
from tests.support.pipeline.world import World

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def upload_iris_that_follows_the_image(world: World) -> None:
    world.upload_iris()
    world.upload("tuning.json", '{"target": "Sepal.Length", "retune_on_new_image": true}')


def images_asked_for(world: World) -> list[str]:
    return [
        request["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"]
        for request in world.sagemaker.requests
    ]


def reconcile_what_was_poked(world: World) -> None:
    for dataset in dict.fromkeys(world.queue.receive()):
        world.reconcile(dataset)


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

    assert isinstance(decision, Wait) and f"pinned to {NEWER}, which is gone" in decision.reason
    assert world.sagemaker.requests == []
    assert "./retune image unpin" in bodies(world)[0]

    world.pins.pin(None, world.now)
    world.reconcile()
    assert images_asked_for(world) == [world.image]
