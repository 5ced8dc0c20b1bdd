"""A Lambda killed at any of its effects: nothing is lost, no second job is bought, and a message is repeated only when
the crash fell between its sending and its mark."""

import pytest

from chalicelib.report.overview import render_overview
from chalicelib.state import JobStatus
from tests.support.pipeline.steps import CHANGED, play
from tests.support.pipeline.world import SETTLE_S, World, a_world, a_world_in_memory


def count_effects() -> list[str]:
    world = a_world_in_memory()
    play(world)
    return list(world.effects)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_kill_at_any_effect_loses_nothing_and_buys_nothing_twice(side: str) -> None:
    effects = count_effects()
    assert len(effects) > 15
    for number, name in enumerate(effects):
        world = a_world_in_memory()
        world.kill_at = (number, side)
        play(world)
        where = f"killed {side} effect {number}, {name}"
        assert len(world.sagemaker.requests) == 1, where
        assert [job.status for job in world.ledger.jobs("iris")] == [JobStatus.COMPLETED], where
        assert world.overview() == render_overview(world.ledger.known()), where
        marks = side == "before" and number > 0 and effects[number - 1] == "publish"
        repeated = marks or (name == "publish" and side == "after")
        assert len(world.topic.published) == (2 if repeated else 1), where
        assert len(set(world.topic.ids)) == 1, where


def test_data_that_change_after_a_kill_are_tuned_too_and_nothing_twice() -> None:
    for number in range(len(count_effects())):
        world = a_world_in_memory()
        world.kill_at = (number, "after")
        play(world, change_after_crash=True)
        names = [request["HyperParameterTuningJobName"] for request in world.sagemaker.requests]
        assert len(names) == len(set(names)) and len(names) in (1, 2), f"killed after effect {number}"
        assert all(job.status is JobStatus.COMPLETED for job in world.ledger.jobs("iris"))
        last = world.json(f"tuning/iris/{names[-1]}/manifest.json")["files"][0]["snapshot"]
        assert world.s3.get_object(Bucket="data", Key=last)["Body"].read() == CHANGED


@pytest.mark.parametrize("number", range(12))
def test_two_lambdas_at_once_buy_one_job(number: int, world: World) -> None:
    world.upload_iris()
    world.reconcile()
    world.now += SETTLE_S
    start = len(world.effects)
    guard = world.guard

    def reconcile_in_between(call: object, name: str) -> object:
        guarded = guard(call, name)

        def acting(**arguments: object) -> object:
            if len(world.effects) == start + number and world.guard is not guard:
                world.guard = guard  # type: ignore[method-assign]
                world.reconcile()
            return guarded(**arguments)

        return acting

    world.guard = reconcile_in_between  # type: ignore[method-assign]
    world.reconcile()
    world.guard = guard  # type: ignore[method-assign]
    world.heal()

    assert len(world.sagemaker.requests) == 1


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_kill_at_any_effect_of_another_image_loses_neither_the_message_nor_the_look(side: str) -> None:
    effects = 5  # a message to the queue; claim, send and mark of the message to people; the note
    for number in range(effects):
        with a_world() as world:
            world.upload_iris()
            world.pipeline().sweep()
            world.queue.receive()
            world.push_image("20260201T000000Z-bbbbbbb")
            world.kill_at = (len(world.effects) + number, side)
            world.survive(world.pipeline().sweep)
            assert world.kill_at is None

            world.now += 900.0
            world.pipeline().sweep()

            assert set(world.topic.ids) == {"image-changed:2"}, number
            assert "iris" in [dataset for _, dataset in world.queue.messages]
            world.queue.messages.clear()
            world.pipeline().sweep()
            assert world.queue.messages == [], number
