"""Whatever training jobs came to, the best is the least objective among those that can be used."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.items import native, wire
from chalicelib.results.outcome import TrainingJob, TuningJob, beats, outcome
from chalicelib.results.record import record

STATUSES = st.sampled_from(["Completed", "Completed", "Failed", "Stopped", "Stopping", "InProgress"])
OBJECTIVES = st.one_of(st.none(), st.sampled_from([0.0, 0.1, 0.2, 1e200, -1e200, 1e-200, 3.5e38]), st.floats())
TRAINING_JOBS = st.lists(
    st.builds(
        TrainingJob,
        name=st.integers(1, 999).map(lambda number: f"job-{number:03d}"),
        status=STATUSES,
        hyperparameters=st.just({}),
        objective=OBJECTIVES,
        seconds=st.one_of(st.none(), st.floats(0, 1e6)),
        model_uri=st.sampled_from([None, "", "s3://data/model.tar.gz"]),
    ),
    max_size=12,
    unique_by=lambda job: job.name,
)
ENDED = st.builds(TuningJob, name=st.just("job"), status=st.sampled_from(["Completed", "Failed", "Stopped"]))
CLAIMED = st.one_of(st.none(), st.integers(1, 999).map(lambda number: f"job-{number:03d}"))


def usable(job: TrainingJob) -> bool:
    known = job.objective is not None and abs(job.objective) <= 3.4028234663852886e38
    return known and job.status == "Completed" and bool(job.model_uri)


def with_model(job: TrainingJob) -> TrainingJob:
    return replace(job, model_uri="s3://data/model.tar.gz")


@given(ENDED, TRAINING_JOBS, CLAIMED)
def test_the_best_is_the_arg_min_over_the_usable(
    ended: TuningJob, jobs: list[TrainingJob], claimed: str | None
) -> None:
    best = outcome(ended, jobs, claimed).best
    among = [job for job in jobs if usable(job)]
    if not among:
        assert best is None
        return
    assert best in among
    assert all(best.objective <= job.objective for job in among)
    equals = {job.name for job in among if job.objective == best.objective}
    assert best.name == (claimed if claimed in equals else min(equals))


@given(ENDED, TRAINING_JOBS, CLAIMED, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(
    ended: TuningJob, jobs: list[TrainingJob], claimed: str | None, random: object
) -> None:
    shuffled = list(jobs)
    random.shuffle(shuffled)
    assert repr(outcome(ended, shuffled, claimed)) == repr(outcome(ended, jobs, claimed))


@given(ENDED, TRAINING_JOBS, CLAIMED)
def test_completed_always_has_a_best(ended: TuningJob, jobs: list[TrainingJob], claimed: str | None) -> None:
    found = outcome(ended, jobs, claimed)
    assert found.status != "Completed" or found.best is not None
    assert found.status == "Completed" or found.reason


@given(st.floats(allow_nan=False), st.floats())
def test_two_models_never_beat_each_other(one: float, other: float) -> None:
    assert not (beats(one, other) and beats(other, one))


@given(ENDED, TRAINING_JOBS, CLAIMED)
def test_whatever_the_objectives_the_record_is_strict_json(
    ended: TuningJob, jobs: list[TrainingJob], claimed: str | None
) -> None:
    made = record(outcome(ended, jobs, claimed), dataset="iris", fingerprint="f", attempt=1, manifest={}, region="r")

    json.dumps(made, allow_nan=False)


@given(ENDED, TRAINING_JOBS, CLAIMED)
def test_whatever_the_objectives_the_ledger_holds_the_best_one(
    ended: TuningJob, jobs: list[TrainingJob], claimed: str | None
) -> None:
    best = outcome(ended, jobs, claimed).best
    if best is None:
        return

    kept = native({"objective": wire(best.objective)})["objective"]

    assert kept == (0.0 if abs(best.objective) < 1e-130 else best.objective)


@given(ENDED, TRAINING_JOBS)
def test_a_completed_training_job_whose_objective_cannot_be_used_is_among_the_failures(
    ended: TuningJob, jobs: list[TrainingJob]
) -> None:
    odd = [
        job for job in jobs if job.status == "Completed" and job.objective is not None and not usable(with_model(job))
    ]

    found = outcome(ended, jobs, None)

    named = sum(failure.count for failure in found.failures if "cannot be used" in failure.reason)
    assert named == len(odd)
