"""A Lambda that is killed when it may tell, and has not told."""

from collections.abc import Callable

from chalicelib.aws.ledger import CLAIM_S
from chalicelib.state import Phase
from tests.support.pipeline.faults import Killed
from tests.support.pipeline.world import World


def test_a_lambda_that_is_killed_before_it_has_told_is_made_up_for_without_the_sweep(world: World) -> None:
    world.upload_iris()
    world.settle()
    (first,) = world.sagemaker.jobs
    world.queue.receive()
    world.sagemaker.end(first)
    killed_before_it_tells(world, lambda: world.pipeline().conclude(first))

    world.now += 60.0  # Lambda tries again, while the one that was killed still has the right to tell
    world.pipeline().conclude(first)
    look_at_what_is_asked_for(world)
    assert world.topic.published == [] and world.queue.receive() == []
    world.now += CLAIM_S
    look_at_what_is_asked_for(world)

    assert len(world.topic.published) == 1
    assert world.ledger.head("iris").phase is Phase.ENDED


def test_a_look_that_finds_another_one_telling_comes_again_when_that_one_may_have_died(world: World) -> None:
    world.upload_iris()
    world.settle()
    (first,) = world.sagemaker.jobs
    world.queue.receive()
    world.sagemaker.end(first)
    killed_before_it_tells(world, world.reconcile)

    world.reconcile()
    assert world.topic.published == [] and world.queue.receive() == []
    world.now += CLAIM_S
    look_at_what_is_asked_for(world)

    assert len(world.topic.published) == 1
    assert world.ledger.head("iris").phase is Phase.ENDED


def look_at_what_is_asked_for(world: World) -> None:
    for dataset in world.queue.receive():
        world.reconcile(dataset)


def killed_before_it_tells(world: World, act: Callable[[], object]) -> None:
    def killed(**_: object) -> None:
        raise Killed

    publish, world.topic.publish = world.topic.publish, killed  # type: ignore[method-assign]
    world.survive(act)
    world.topic.publish = publish  # type: ignore[method-assign]
