"""The ledger of the release before: what it reported is not reported again, what it bought is not bought again."""

import pytest

from chalicelib.decision import Code, Refuse, Wait
from tests.support.pipeline.fake_sagemaker import client_error
from tests.support.pipeline.faults import SlowS3
from tests.support.pipeline.release import QUOTA, left_by
from tests.support.pipeline.world import IRIS, World

RELEASES = ["0.1.0"]


@pytest.fixture(params=RELEASES)
def datasets(request: pytest.FixtureRequest, world: World) -> list[str]:
    found = left_by(request.param, world)
    assert len(found) > 15
    return found


def test_nothing_that_was_reported_or_bought_is_reported_or_bought_again(world: World, datasets: list[str]) -> None:
    jobs = set(world.sagemaker.jobs)

    for _ in range(2):
        for dataset in datasets:
            world.reconcile(dataset)
    world.heal()

    assert world.topic.ids == []
    assert set(world.sagemaker.jobs) == jobs and world.sagemaker.requests == []


def test_after_one_look_at_each_dataset_a_further_look_writes_nothing(world: World, datasets: list[str]) -> None:
    for dataset in datasets:
        world.reconcile(dataset)
    world.effects.clear()

    for dataset in datasets:
        world.reconcile(dataset)

    # a frozen request is sent at each look, and SageMaker refuses it
    assert set(world.effects) == {"create_hyper_parameter_tuning_job"}


def test_a_refusal_of_the_release_before_keeps_its_time_and_gets_the_words_of_today(
    world: World, datasets: list[str]
) -> None:
    before = world.ledger.head("rejected").decided
    world.reconcile("rejected")

    after = world.ledger.head("rejected").decided

    assert before and after and before.code is None
    assert (after.kind, after.code, after.since) == ("Refuse", "request-rejected", before.since)
    assert "does not accept" in before.reason and "SageMaker rejected retune-rejected-" in after.reason


def test_a_dataset_that_the_release_before_refused_is_reported_when_it_is_refused_anew(
    world: World, datasets: list[str]
) -> None:
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b'5.1,"3.5'), "refused")

    decision = world.settle("refused")
    world.reconcile("refused")

    assert isinstance(decision, Refuse)
    assert [said.partition(":")[0] for said in world.topic.ids] == ["data-refused"]


def test_a_refusal_of_the_release_before_is_not_reported_after_a_throttle_either(
    world: World, datasets: list[str]
) -> None:
    world.reconcile("gaps")
    sound, world.s3 = world.s3, SlowS3()
    throttled = world.reconcile("gaps")
    world.s3 = sound

    world.reconcile("gaps")

    assert isinstance(throttled, Wait) and throttled.code is Code.THROTTLED
    assert world.topic.ids == []


def test_a_release_from_before_codes_reads_what_todays_has_kept(world: World, datasets: list[str]) -> None:
    """A failed update brings the old Lambdas back: `decided` has the four members that they know, and no more."""
    world.reconcile("refused")

    item = world.dynamodb.get_item(TableName="ledger", Key={"pk": {"S": "dataset#refused"}, "sk": {"S": "head"}})

    decided = item["Item"]["decided"]["M"]
    assert set(decided) <= {"kind", "reason", "since", "wake_at"}
    assert item["Item"]["cause"]["M"]["code"] == {"S": "data-refused"}


def test_a_decision_that_an_older_release_keeps_later_does_not_take_over_the_cause_of_ours(
    world: World, datasets: list[str]
) -> None:
    world.reconcile("refused")
    world.dynamodb.update_item(
        TableName="ledger",
        Key={"pk": {"S": "dataset#refused"}, "sk": {"S": "head"}},
        UpdateExpression="SET decided.since = :later, decided.reason = :words",
        ExpressionAttributeValues={":later": {"N": str(world.now + 60.0)}, ":words": {"S": "As it once was put."}},
    )

    decided = world.ledger.head("refused").decided

    assert decided and (decided.kind, decided.code, decided.about, decided.listing) == ("Refuse", None, None, None)


def test_a_quota_that_was_reported_before_is_reported_when_it_holds_back_other_data(
    world: World, datasets: list[str]
) -> None:
    quota = client_error("ResourceLimitExceeded", QUOTA)
    world.sagemaker.refuse_with = None
    world.reconcile("quota")
    (open_job,) = [name for name in world.sagemaker.jobs if name.startswith("retune-quota-")]
    world.sagemaker.end(open_job)
    world.conclude(open_job)
    world.push_image("20260102T000000Z-bbbbbbb")
    world.topic.published.clear()

    world.sagemaker.refuse_with = quota
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.2,3.5"), "quota")
    world.settle("quota")
    world.reconcile("quota")

    assert [said.partition(":")[0] for said in world.topic.ids] == ["tuning-blocked"]
