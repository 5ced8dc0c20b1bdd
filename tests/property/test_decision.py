"""`decide()` against thousands of generated states."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dataset import DataFile
from chalicelib.decision import Desired, Nothing, Observed, Refuse, Start, Wait, decide
from chalicelib.errors import Problem
from chalicelib.state import Head, JobItem, JobStatus, Phase

FILES = tuple(
    DataFile("train", f"{name}.csv", f"datasets/d/train/{name}.csv", f"etag-{name}", 9, f"sha256:{name}")
    for name in "abc"
)
PROBLEM = Problem("train/a.csv", "is empty", "upload it again")

mostly = st.sampled_from([True, True, True, True, False])
"""Generated states lean towards a start: only what nearly starts can start wrongly."""
seldom = mostly.map(lambda value: not value)

jobs = st.lists(
    st.builds(
        lambda status, retry: (status, retry),
        st.sampled_from(list(JobStatus)),
        st.booleans(),
    ),
    max_size=4,
).map(
    lambda rows: tuple(
        JobItem("d", "f1", number, f"retune-d-f1-a{number}", status, at=0.0, retry_asked=retry)
        for number, (status, retry) in enumerate(rows, start=1)
    )
)
heads = st.builds(
    Head,
    dataset=st.just("d"),
    phase=st.sampled_from([*Phase, Phase.IDLE, Phase.ENDED, Phase.ENDED]),
    fingerprint=st.sampled_from(["f1", "f2"]),
    tuning_job=st.just("retune-d-f0-a1"),
    lease_until=st.sampled_from([0.0, 100.0, 399.0]),
    seen_at=st.sampled_from([0.0, 100.0, 399.0]),
)
desires = st.builds(
    Desired,
    has_data=mostly,
    ready=mostly,
    fingerprint=st.just("f1"),
    files=st.sampled_from([FILES, FILES[:2], FILES[:1]]),
    problems=seldom.map(lambda bad: (PROBLEM,) if bad else ()),
    supersede=st.booleans(),
    has_image=mostly,
    spec_changed=st.booleans(),
)
observations = st.builds(
    Observed,
    now=st.sampled_from([0.0, 50.0, 101.0, 170.0, 400.0, 500.0]),
    settle_s=st.sampled_from([0.0, 60.0]),
    head=heads,
    jobs=jobs,
    tuned_files=st.sampled_from([(), FILES]),
    open_searches=st.sampled_from([0, 0, 1, 2, 3]),
    max_open_searches=st.just(2),
)


@given(desires, observations)
def test_the_same_state_gives_the_same_decision(desired: Desired, observed: Observed) -> None:
    assert decide(desired, observed) == decide(desired, observed)


@given(desires, observations)
def test_a_start_needs_settled_sound_data_a_free_head_and_room(desired: Desired, observed: Observed) -> None:
    decision = decide(desired, observed)

    if isinstance(decision, Start):
        assert desired.has_data and desired.ready and not desired.problems and desired.has_image
        assert observed.now >= observed.head.seen_at + observed.settle_s
        assert observed.head.phase not in (Phase.CREATING, Phase.STARTED)
        assert observed.head.phase is not Phase.COPYING or observed.now >= observed.head.lease_until
        assert observed.open_searches < observed.max_open_searches


@given(desires, observations)
def test_a_fingerprint_that_was_tuned_is_never_bought_again(desired: Desired, observed: Observed) -> None:
    tuned = any(job.status is JobStatus.COMPLETED for job in observed.jobs)

    decision = decide(desired, observed)

    assert not (tuned and isinstance(decision, Start))


@given(desires, observations)
def test_an_attempt_that_ended_without_success_is_followed_only_when_asked(
    desired: Desired, observed: Observed
) -> None:
    decision = decide(desired, observed)

    if isinstance(decision, Start) and observed.jobs:
        last = observed.jobs[-1]
        followed = last.retry_asked or last.status is JobStatus.TAKEN
        assert (followed and decision.attempt == last.attempt + 1) or (
            last.status is JobStatus.STARTED and decision.attempt == last.attempt
        )


@given(desires, observations)
def test_every_decision_has_a_reason(desired: Desired, observed: Observed) -> None:
    decision = decide(desired, observed)

    assert decision.reason.strip()


@given(desires, observations)
def test_sound_data_are_never_refused_and_unsound_data_never_started(desired: Desired, observed: Observed) -> None:
    decision = decide(desired, observed)

    if desired.problems:
        assert not isinstance(decision, Start)
    elif isinstance(decision, Refuse):
        assert observed.jobs and observed.jobs[-1].status is JobStatus.REJECTED


@given(desires, observations)
def test_only_a_wait_stops_a_job_and_only_the_open_one(desired: Desired, observed: Observed) -> None:
    decision = decide(desired, observed)

    if isinstance(decision, Wait) and decision.supersede:
        assert desired.supersede and observed.head.phase is Phase.STARTED
        assert decision.supersede == observed.head.tuning_job
        assert observed.head.fingerprint != desired.fingerprint


@given(desires, observations)
def test_files_that_were_only_removed_start_nothing(desired: Desired, observed: Observed) -> None:
    removed = observed.tuned_files == FILES and len(desired.files) < len(FILES) and not desired.spec_changed

    decision = decide(desired, observed)

    assert not (removed and isinstance(decision, Start))
    if isinstance(decision, Nothing) and "removed" in decision.reason:
        assert removed
