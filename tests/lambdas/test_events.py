"""Each Lambda of the packaged zip, in the environment of its template, on every event that it can get.

The events are recorded in `tests/events/`; its README names the sources.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.lambdas import cold
from tests.support.lambdas.recorded import Lambdas, batch, event, names
from tests.support.local.deployed import Deployed

DATASETS = {
    "object-created-blank-plus-percent": "blank-plus",
    "object-created-unicode": "unicode",
    "object-created-by-parts-unversioned": "by-parts",
    "object-created-newer-version": "newer",
    "object-deleted-by-a-marker": "marked",
    "object-deleted-by-lifecycle": "expired",
    "object-deleted-permanently": "gone",
}
"""What S3's events speak of; the others are of keys that are not ours, or of no key."""
REACHING = {"completed", "failed", "stopped", "observed", "tags-as-a-list", "nothing-but-the-name"}
ENDED = {
    "succeeded": "succeeded",
    "failed": "failed",
    "fault": "fault",
    "stopped": "stopped",
    "timed-out": "timed_out",
    "timed-out-as-failed": "failed",
    "without-information": "failed",
}
NO_MESSAGES_OF_OURS = [
    "",
    "not json",
    "[]",
    "null",
    "7",
    '{"dataset": "../etc"}',
    '{"dataset": 7}',
    '{"detail": null}',
    '{"detail": {"object": {"key": null}}}',
    json.dumps({"detail": {"object": {"key": "datasets/" + "x" * 1000}}}),
]
NOTHING_FAILED = {"batchItemFailures": []}


@pytest.fixture(scope="module")
def lambdas(local_aws: Deployed) -> Lambdas:
    return Lambdas(local_aws)


@pytest.mark.parametrize("name", DATASETS)
def test_an_event_of_s3_has_its_dataset_looked_at(lambdas: Lambdas, name: str) -> None:
    uploaded = lambdas.in_the_bucket(event(f"s3/{name}"))

    done = lambdas.invoke("on_upload", batch(json.dumps(uploaded)))

    assert lambdas.reached_by(uploaded) == {"on_upload"}
    assert done.went_well, done.log
    assert done.answer == NOTHING_FAILED
    assert (f"dataset#{DATASETS[name]}", "head") in lambdas.ledger_keys()


@pytest.mark.parametrize("name", sorted(set(names("s3")) - DATASETS.keys()))
def test_a_message_of_s3_that_speaks_of_no_dataset_is_dropped(lambdas: Lambdas, name: str) -> None:
    before = lambdas.ledger_keys()

    done = lambdas.invoke("on_upload", batch(json.dumps(event(f"s3/{name}"))))

    assert done.went_well, done.log
    assert done.answer == NOTHING_FAILED
    assert lambdas.ledger_keys() == before


def test_our_own_message_has_its_dataset_looked_at_amid_messages_of_nobody(lambdas: Lambdas) -> None:
    bodies = [json.dumps(event("sqs/our-own-message")), *NO_MESSAGES_OF_OURS]
    before = lambdas.ledger_keys()

    done = lambdas.invoke("on_upload", batch(*bodies))

    assert done.went_well, done.log
    assert done.answer == NOTHING_FAILED
    assert lambdas.ledger_keys() - before == {("dataset#poked", "head")}


def test_the_batch_that_aws_documents_is_dropped(lambdas: Lambdas) -> None:
    done = lambdas.invoke("on_upload", event("sqs/batch"))

    assert done.went_well, done.log
    assert done.answer == NOTHING_FAILED


def test_only_the_messages_of_a_dataset_that_failed_come_again(lambdas: Lambdas, tmp_path: Path) -> None:
    whole = cold.find(lambdas.deployed.running, "on_upload")
    without_ledger = tuple((name, "none" if name == "RETUNE_TABLE" else one) for name, one in whole.environment)
    messages = batch(json.dumps({"dataset": "a"}), "not json", json.dumps({"dataset": "a"}))

    done = cold.start(lambdas.deployed.running, replace(whole, environment=without_ledger), messages, tmp_path)

    first, _, last = (record["messageId"] for record in messages["Records"])
    assert done.answer == {"batchItemFailures": [{"itemIdentifier": first}, {"itemIdentifier": last}]}


@pytest.mark.parametrize("name", names("sagemaker"))
def test_the_end_of_a_tuning_job_that_is_not_there_changes_nothing(lambdas: Lambdas, name: str) -> None:
    before, heard = lambdas.ledger_keys(), len(lambdas.deployed.heard)

    done = lambdas.invoke("on_tuning_ended", event(f"sagemaker/{name}"))

    assert lambdas.reached_by(event(f"sagemaker/{name}")) == ({"on_tuning_ended"} if name in REACHING else set())
    assert done.went_well, done.log
    assert done.answer is None
    assert (lambdas.ledger_keys(), len(lambdas.deployed.heard)) == (before, heard)


def test_a_strangers_tuning_job_that_is_named_like_ours_is_left_alone(lambdas: Lambdas) -> None:
    ended = lambdas.failed_tuning_job("retune-strange-00000000-a1", tags={"retune:stack": "another"})
    before, heard = lambdas.ledger_keys(), len(lambdas.deployed.heard)

    done = lambdas.invoke("on_tuning_ended", ended)

    assert lambdas.reached_by(ended) == {"on_tuning_ended"}
    assert done.went_well, done.log
    assert (lambdas.ledger_keys(), len(lambdas.deployed.heard)) == (before, heard)


def test_the_end_of_a_tuning_job_of_ours_is_told_once(lambdas: Lambdas) -> None:
    tags = {"stack": "retune", "dataset": "of-ours", "fingerprint": "0" * 64, "attempt": "1"}
    ended = lambdas.failed_tuning_job("retune-of-ours-00000000-a1", {f"retune:{key}": tags[key] for key in tags})

    done = [lambdas.invoke("on_tuning_ended", ended) for _ in range(2)]

    assert all(one.went_well and one.answer is None for one in done), done
    assert len(lambdas.deployed.heard_of("of-ours")) == 1
    assert ("dataset#of-ours", f"job#{'0' * 64}#a01") in lambdas.ledger_keys()


@pytest.mark.parametrize("name", ENDED)
def test_a_builds_end_is_told_once(lambdas: Lambdas, name: str) -> None:
    ended = event(f"codebuild/{name}")
    build = ended["detail"]["build-id"]

    twice = [lambdas.invoke("on_build_ended", ended) for _ in range(2)]

    assert lambdas.reached_by(ended) == {"on_build_ended"}
    assert all(done.went_well and done.answer is None for done in twice), twice
    told = [said for said in lambdas.deployed.heard if build in f"{said.message}"]
    assert [said.subject for said in told] == [f"[retune] retune-image: image build {ENDED[name]}"]
    assert (name == "failed") == ("exit status 1" in told[0].message)


@pytest.mark.parametrize("name", sorted(set(names("codebuild")) - ENDED.keys()))
def test_a_build_of_another_project_and_one_that_goes_on_reach_nobody(lambdas: Lambdas, name: str) -> None:
    assert lambdas.reached_by(event(f"codebuild/{name}")) == set()


def test_a_scheduled_event_sets_off_a_sweep(lambdas: Lambdas) -> None:
    overview: dict[str, Any] = {"Bucket": lambdas.deployed.stack.bucket_name, "Key": "tuning/index.html"}
    lambdas.deployed.client("s3").delete_object(**overview)

    done = lambdas.invoke("sweep", event("events/scheduled"))

    assert done.went_well, done.log
    assert done.answer is None
    assert lambdas.deployed.client("s3").get_object(**overview)["ContentType"] == "text/html"
