"""Who names an image: what `image prune` must leave alone."""

import json
from typing import Any

from chalicelib.dataset import model_group_name
from chalicelib.state import JobItem, JobStatus, Phase
from cli.image.prune import _unneeded
from cli.image.stock import Stocked, being_bought, stock
from cli.target.stack import Stack
from tests.support.pipeline.faults import Killed
from tests.support.pipeline.steps import finish_the_tuning_job
from tests.support.pipeline.world import SETTLE_S, World

FIRST, NEWER, OLDER = "20260101T000000Z-aaaaaaa", "20260201T000000Z-bbbbbbb", "20251201T000000Z-0000000"
GROUP = model_group_name("retune", "iris")


def stack_of(world: World) -> Stack:
    class Target:
        def client(self, service: str) -> Any:
            return {
                "s3": world.s3, "dynamodb": world.dynamodb, "ecr": world.ecr, "sagemaker": world.sagemaker,
            }[service]  # fmt: skip

    return Stack(
        target=Target(),  # type: ignore[arg-type]
        name="retune-test",
        bucket_name="data",
        table="ledger",
        topic_arn="topic",
        queue_url="queue",
        training_role_arn="role",
        image_repository="retune-mars",
        prefix="retune",
        parameters={},
    )


def by_tag(world: World) -> dict[str, Stocked]:
    return {one.image.tags[0]: one for one in stock(stack_of(world))}


def test_an_open_tuning_jobs_image_is_named_although_a_newer_one_is_current(world: World) -> None:
    world.upload_iris()
    world.settle()
    (job,) = world.sagemaker.jobs
    world.push_image(NEWER)

    there = by_tag(world)

    assert there[FIRST].named_by == (f"tuning job {job}",) and not there[FIRST].current
    assert there[NEWER].current and there[NEWER].named_by == ()


def test_a_tuning_job_that_started_and_has_no_end_noted_is_open_although_the_head_went_on(world: World) -> None:
    lost = "retune-iris-00000000-a1"
    manifest = json.dumps({"image": world.image}).encode()
    world.s3.put_object(Bucket="data", Key=f"tuning/iris/{lost}/manifest.json", Body=manifest)
    world.ledger.put_job(JobItem("iris", "f0", 1, lost, JobStatus.STARTED, world.now))

    assert by_tag(world)[FIRST].named_by == (f"tuning job {lost}",)


def test_a_champions_image_is_named_by_the_champion_and_the_registry(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    (job,) = world.sagemaker.jobs

    first = by_tag(world)[FIRST]

    assert first.named_by == ("champion of iris", f"model package {GROUP}/{job}")


def test_a_registered_version_keeps_its_image_after_another_became_champion(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    world.push_image(NEWER)
    world.upload("tuning.json", '{"target": "Sepal.Length", "seed": 7}')
    world.settle()
    last = list(world.sagemaker.jobs)[-1]
    world.sagemaker.end(last, objectives=(0.01,))
    world.conclude(last)

    there = by_tag(world)

    assert there[NEWER].named_by[0] == "champion of iris"
    assert [name.split("/")[0] for name in there[FIRST].named_by] == [f"model package {GROUP}"]


def test_a_tuning_job_whose_image_is_not_written_down_yet_is_being_bought(world: World) -> None:
    world.upload_iris()
    world.reconcile()
    world.now += SETTLE_S

    def kill() -> None:
        raise Killed

    world.before_copy = kill
    world.survive(world.reconcile)
    assert world.ledger.head("iris").phase is Phase.COPYING

    assert being_bought(stack_of(world)) == ("iris",)

    world.before_copy = None
    world.now += 900.0
    world.reconcile()
    assert being_bought(stack_of(world)) == ()


def test_of_many_images_only_tagged_old_ones_that_nothing_names_can_go(world: World) -> None:
    for tag in (OLDER, NEWER):
        world.push_image(tag)
    world.pins.pin(FIRST, world.now)
    there = tuple(sorted(by_tag(world).values(), key=lambda one: one.image.tags, reverse=True))

    assert [one.image.tags for one in _unneeded(there, keep=1)] == [(OLDER,)]
    assert [one.image.tags for one in _unneeded(there, keep=3)] == []
