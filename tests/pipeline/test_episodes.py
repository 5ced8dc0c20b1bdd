"""What is news: another cause, other data, or the same cause after the data were found to be otherwise meanwhile."""

import json

from chalicelib.decision import Code, Refuse, Wait
from tests.support.pipeline.fake_sagemaker import client_error
from tests.support.pipeline.faults import SlowS3
from tests.support.pipeline.steps import finish_the_tuning_job, wipe_the_ledger
from tests.support.pipeline.world import IRIS, World

BAD = IRIS.replace(b"5.1,3.5", b"5.1;3.5")
SPEC = '{"target": "Sepal.Length"}'
QUOTA = client_error("ResourceLimitExceeded", "The account-level service limit 'tuning jobs' is 1 Jobs.")
THROTTLED = client_error("ThrottlingException", "Rate exceeded")


def upload(world: World, data: bytes) -> None:
    world.upload("train/iris.csv", data)
    world.upload("tuning.json", SPEC)


def kinds(world: World) -> list[str]:
    return [id_.partition(":")[0] for id_ in world.topic.ids]


def test_data_that_are_refused_again_after_they_were_tuned_are_reported_again(world: World) -> None:
    upload(world, BAD)
    world.settle()
    upload(world, IRIS)
    world.settle()
    finish_the_tuning_job(world)

    upload(world, BAD)
    decision = world.settle()
    world.reconcile()

    assert isinstance(decision, Refuse)
    assert kinds(world) == ["data-refused", "tuning-ended", "data-refused"]
    assert len(set(world.topic.ids)) == 3


def test_data_that_are_refused_again_after_sound_data_waited_for_an_image_are_reported_again(world: World) -> None:
    world.delete_image("20260101T000000Z-aaaaaaa")
    upload(world, BAD)
    world.settle()
    upload(world, IRIS)
    world.settle()

    upload(world, BAD)
    world.settle()

    assert kinds(world) == ["data-refused", "tuning-blocked", "data-refused"]


def test_data_that_are_refused_again_right_after_a_tuning_job_are_reported_again(world: World) -> None:
    upload(world, BAD)
    world.settle()
    upload(world, IRIS)
    world.settle()
    upload(world, BAD)
    world.settle()  # the tuning job of the sound data is still running

    finish_the_tuning_job(world)

    assert kinds(world) == ["data-refused", "tuning-ended", "data-refused"]


def test_a_refusal_is_reported_once_whatever_throttles_the_looks_at_it(world: World) -> None:
    upload(world, BAD)
    world.settle()
    for _ in range(3):
        sound, world.s3 = world.s3, SlowS3()
        throttled = world.reconcile()
        world.s3 = sound
        world.now += 900.0
        world.reconcile()
        assert isinstance(throttled, Wait) and throttled.code is Code.THROTTLED

    assert kinds(world) == ["data-refused"]


def test_a_quota_is_reported_once_whatever_throttles_the_attempts(world: World) -> None:
    upload(world, IRIS)
    world.sagemaker.refuse_with = QUOTA
    world.settle()
    for fault in (THROTTLED, QUOTA, THROTTLED, QUOTA):
        world.sagemaker.refuse_with = fault
        world.now += 900.0
        world.reconcile()

    assert kinds(world) == ["tuning-blocked"]


def test_other_words_for_the_same_cause_are_no_news_and_write_nothing(world: World) -> None:
    upload(world, BAD)
    world.settle()
    key = {"pk": {"S": "dataset#iris"}, "sk": {"S": "head"}}
    words = {":words": {"S": "As another release puts it."}}
    world.dynamodb.update_item(
        TableName="ledger", Key=key, UpdateExpression="SET decided.reason = :words", ExpressionAttributeValues=words
    )
    world.effects.clear()

    world.now += 900.0
    world.reconcile()

    assert world.effects == [] and kinds(world) == ["data-refused"]


def test_the_same_problem_in_other_data_is_reported(world: World) -> None:
    upload(world, BAD)
    world.settle()
    upload(world, BAD.replace(b"4.7,3.2", b"4.7;3.2"))
    world.settle()

    assert kinds(world) == ["data-refused", "data-refused"]


def test_a_problem_that_was_remembered_without_a_code_is_no_news_once_it_has_one(world: World) -> None:
    upload(world, BAD)
    world.settle()
    wipe_the_ledger(world)
    world.topic.published.clear()
    remembered = world.s3.list_objects_v2(Bucket="data", Prefix="tuning/iris/checked/")["Contents"]
    for key in (one["Key"] for one in remembered):
        check = world.json(key)
        for problem in check["problems"]:
            del problem["code"]
        world.s3.put_object(Bucket="data", Key=key, Body=json.dumps(check))
    world.settle()
    reported = kinds(world)

    for one in remembered:
        world.s3.delete_object(Bucket="data", Key=one["Key"])
    world.now += 900.0
    decision = world.reconcile()

    assert isinstance(decision, Refuse) and decision.problems[0].code
    assert reported == kinds(world) == ["data-refused"]
