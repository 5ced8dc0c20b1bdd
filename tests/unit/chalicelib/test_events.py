"""Events as AWS documents them, and the ones that should never come."""

import json

import pytest

from chalicelib.events import LogStream, build_ended, datasets_by_message, ended_tuning_job


def message(body: object, name: str = "m1") -> dict[str, object]:
    return {"messageId": name, "body": body if isinstance(body, str) else json.dumps(body)}


def object_created(key: str) -> dict[str, object]:
    """docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": "data"}, "object": {"key": key, "size": 5}, "reason": "PutObject"},
    }


def test_an_upload_names_its_dataset() -> None:
    event = {"Records": [message(object_created("datasets/iris/train/a b+c%20ü.csv"))]}

    assert datasets_by_message(event) == {"m1": "iris"}


def test_our_own_message_names_its_dataset() -> None:
    assert datasets_by_message({"Records": [message({"dataset": "iris"})]}) == {"m1": "iris"}


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        "null",
        {"Service": "Amazon S3", "Event": "s3:TestEvent"},
        {"dataset": "../etc"},
        {"dataset": 7},
        {"detail": None},
        {"detail": {"object": None}},
        object_created("other/iris/train/a.csv"),
        object_created("datasets/iris"),
        object_created("datasets/.hidden/a.csv"),
    ],
)
def test_what_is_not_ours_names_nothing(body: object) -> None:
    assert datasets_by_message({"Records": [message(body)]}) == {"m1": None}


def test_an_event_without_records_names_nothing() -> None:
    assert datasets_by_message({"Event": "s3:TestEvent"}) == {}


def test_a_tuning_jobs_end_gives_its_name() -> None:
    event = {"detail": {"HyperParameterTuningJobName": "retune-iris-12345678-a1", "Tags": {}}}

    assert ended_tuning_job(event) == "retune-iris-12345678-a1"


def test_a_failed_build_names_the_phase_and_its_words() -> None:
    event = {
        "detail": {
            "build-status": "FAILED",
            "project-name": "mars",
            "build-id": "arn:aws:codebuild:us-west-2:123456789012:build/mars:1",
            "additional-information": {
                "logs": {"group-name": "/g", "stream-name": "s", "deep-link": "https://console.example/log"},
                "phases": [
                    {"phase-type": "PRE_BUILD", "phase-status": "SUCCEEDED", "phase-context": []},
                    {"phase-type": "BUILD", "phase-status": "FAILED", "phase-context": ["exit status 2"]},
                    {"phase-type": "COMPLETED"},
                ],
            },
        }
    }

    ended = build_ended(event)

    assert not ended.succeeded
    assert ended.failure == "BUILD: exit status 2"
    assert ended.link == "https://console.example/log"
    assert ended.log == LogStream("/g", "s")


def test_a_build_that_never_got_a_log_has_none() -> None:
    detail = {"build-status": "FAULT", "project-name": "mars", "build-id": "arn:1"}

    for logs in ({}, {"logs": None}, {"logs": {"group-name": None, "stream-name": None, "deep-link": None}}):
        ended = build_ended({"detail": {**detail, "additional-information": logs}})
        assert (ended.log, ended.link) == (None, "")
