"""`decide()`, one rule at a time: from a state that would start, one thing is changed."""

from dataclasses import replace

import pytest

from chalicelib.dataset import DataFile
from chalicelib.decision import (
    Code,
    Desired,
    Nothing,
    Observed,
    Refuse,
    Start,
    Wait,
    decide,
    is_from_before_codes,
    kept,
    wait_for_aws,
)
from chalicelib.errors import Problem
from chalicelib.state import Decided, Head, JobItem, JobStatus, Phase

A = DataFile("train", "a.csv", "datasets/d/train/a.csv", "etag-a", 9, "sha256:a")
B = DataFile("train", "b.csv", "datasets/d/train/b.csv", "etag-b", 9, "sha256:b")
DESIRED = Desired(has_data=True, fingerprint="f1", files=(A, B))
OBSERVED = Observed(now=1000.0, settle_s=60.0, head=Head("d", seen_at=940.0))


def job(status: JobStatus, attempt: int = 1, retry_asked: bool = False) -> JobItem:
    return JobItem("d", "f1", attempt, f"retune-d-f1-a{attempt}", status, at=0.0, retry_asked=retry_asked)


def test_settled_sound_data_start_the_first_attempt() -> None:
    assert decide(DESIRED, OBSERVED) == Start(1, "New data or a new tuning spec.")


def test_a_second_too_early_is_a_wait_until_the_settle_time_is_over() -> None:
    early = replace(OBSERVED, now=999.0)

    decision = decide(DESIRED, early)

    assert isinstance(decision, Wait) and decision.wake_at == 940.0 + 60.0


def test_what_was_tuned_is_not_tuned_again_even_if_a_retry_was_asked_for() -> None:
    observed = replace(OBSERVED, jobs=(job(JobStatus.COMPLETED, retry_asked=True), job(JobStatus.TAKEN, 2)))

    decision = decide(DESIRED, observed)

    assert isinstance(decision, Nothing) and "retune-d-f1-a1" in decision.reason and "1970-01-01" in decision.reason


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.STOPPED, JobStatus.DELETED])
def test_an_attempt_without_success_is_followed_only_when_asked(status: JobStatus) -> None:
    unasked = decide(DESIRED, replace(OBSERVED, jobs=(job(status),)))
    asked = decide(DESIRED, replace(OBSERVED, jobs=(job(status, retry_asked=True),)))

    assert isinstance(unasked, Nothing) and "`./retune retry`" in unasked.reason
    assert isinstance(asked, Start) and asked.attempt == 2


def test_a_strangers_name_is_passed_by_and_the_ninety_ninth_attempt_is_the_last() -> None:
    passed = decide(DESIRED, replace(OBSERVED, jobs=(job(JobStatus.TAKEN),)))
    last = decide(DESIRED, replace(OBSERVED, jobs=(job(JobStatus.TAKEN, attempt=99),)))

    assert isinstance(passed, Start) and passed.attempt == 2
    assert isinstance(last, Nothing)


def test_an_attempt_that_the_head_has_lost_is_sent_again_under_its_own_number() -> None:
    decision = decide(DESIRED, replace(OBSERVED, jobs=(job(JobStatus.STARTED),)))

    assert isinstance(decision, Start) and decision.attempt == 1


def test_a_lease_is_respected_until_it_is_over() -> None:
    copying = Head("d", phase=Phase.COPYING, tuning_job="t", lease_until=1000.5, seen_at=0.0)

    held = decide(DESIRED, replace(OBSERVED, head=copying))
    over = decide(DESIRED, replace(OBSERVED, head=copying, now=1000.5))

    assert isinstance(held, Wait) and held.wake_at == 1000.5
    assert isinstance(over, Start)


def test_removed_files_start_nothing_and_a_changed_spec_does() -> None:
    removed = replace(DESIRED, files=(A,))
    tuned = replace(OBSERVED, tuned_files=(A, B))

    assert isinstance(decide(removed, tuned), Nothing)
    assert isinstance(decide(replace(removed, spec_changed=True), tuned), Start)


def test_problems_are_refused_all_at_once() -> None:
    problems = (Problem("train/a.csv", "is empty"), Problem("`tuning.json`:", "`target` is missing", "name one"))

    decision = decide(replace(DESIRED, fingerprint=None, problems=problems), OBSERVED)

    assert decision == Refuse(problems)
    assert decision.reason == "train/a.csv is empty. `tuning.json`: `target` is missing: name one."


def test_an_open_tuning_job_makes_new_data_wait_or_is_stopped_by_them() -> None:
    open_job = replace(OBSERVED, head=Head("d", phase=Phase.STARTED, fingerprint="f0", tuning_job="t0"))

    queued = decide(DESIRED, open_job)
    superseding = decide(replace(DESIRED, supersede=True), open_job)
    same = decide(replace(DESIRED, supersede=True, fingerprint="f0"), open_job)

    assert isinstance(queued, Wait) and queued.supersede is None
    assert isinstance(superseding, Wait) and superseding.supersede == "t0"
    assert isinstance(same, Wait) and same.supersede is None


@pytest.mark.parametrize(
    ("desired", "observed", "word"),
    [
        (replace(DESIRED, has_image=False), OBSERVED, "published"),
        (replace(DESIRED, has_image=False, pinned_image="T1"), OBSERVED, "pinned to T1"),
        (DESIRED, replace(OBSERVED, open_searches=10), "ceiling"),
        (replace(DESIRED, ready=False), OBSERVED, "_READY"),
    ],
)
def test_what_is_not_there_yet_is_waited_for(desired: Desired, observed: Observed, word: str) -> None:
    decision = decide(desired, observed)

    assert isinstance(decision, Wait) and word in decision.reason


def test_what_aws_says_of_the_moment_is_no_part_of_a_quotas_reason() -> None:
    text = (
        "The account-level service limit 'x' is 1 Jobs, with current utilization of {} Jobs and a request delta of 1."
    )

    one, two = (wait_for_aws(text.format(count), now=0.0, quota=True) for count in (1, 2))

    assert one == two and one.tell
    assert one.reason == "An AWS quota of this account is used up: The account-level service limit 'x' is 1 Jobs."
    assert (one.code, one.about) == (Code.QUOTA, "x")


@pytest.mark.parametrize(("seen_at", "is_the_same"), [(900.0, True), (950.0, False)])
def test_a_refusal_from_before_codes_is_known_again_only_for_the_listing_that_it_was_about(
    seen_at: float, is_the_same: bool
) -> None:
    decided = Decided("Refuse", "As it once was put.", since=940.0)
    head = Head("d", listing="l", seen_at=seen_at, decided=decided)
    refusal = Refuse((Problem("a", "is wrong", code="wrong"),))

    assert is_from_before_codes(refusal, head) is is_the_same
    after = kept(refusal, head, now=1000.0, was_examined=True).decided
    assert after and after.since == (940.0 if is_the_same else 1000.0)
