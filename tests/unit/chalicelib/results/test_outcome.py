"""Which training job is the best, and what the record says of all of them."""

import json
import math

import pytest

from chalicelib.results.outcome import beats, outcome
from chalicelib.results.prices import price_usd_per_hour
from tests.support.tuned import MANIFEST, NAME, failed, job, recorded, tuning


def test_the_best_is_the_least_objective() -> None:
    found = outcome(tuning(), [job(1, 0.3), job(2, 0.1), job(3, 0.2)], claimed_best=None)
    assert found.best == job(2, 0.1)
    assert (found.status, found.completed, found.failed, found.degraded) == ("Completed", 3, 0, False)


@pytest.mark.parametrize(
    "unfit",
    [
        job(1, 0.01, status="Stopped"),
        job(1, 0.01, status="Failed"),
        job(1, 0.01, model_uri=None),
        job(1, math.nan),
        job(1, -math.inf),
        job(1, -1e200),
        job(1, -3.5e38),
        job(1, None),
    ],
    ids=[
        "stopped",
        "failed",
        "without a model",
        "nan",
        "infinite",
        "far too small",
        "no 32-bit float",
        "without an objective",
    ],
)
def test_a_training_job_that_cannot_be_used_is_never_the_best(unfit: object) -> None:
    found = outcome(tuning(), [unfit, job(2, 0.5)], claimed_best=f"{NAME}-001-0f0444b1")
    assert found.best == job(2, 0.5)


def test_sagemakers_best_is_believed_only_among_equals() -> None:
    jobs = [job(1, 0.1), job(2, 0.1), job(3, 0.2)]
    assert outcome(tuning(), jobs, claimed_best=jobs[1].name).best == jobs[1]
    assert outcome(tuning(), jobs, claimed_best=jobs[2].name).best == jobs[0]
    assert outcome(tuning(), jobs, claimed_best="somebody-else").best == jobs[0]
    assert outcome(tuning(), jobs[::-1], claimed_best=None).best == jobs[0]


def test_some_failed_training_jobs_make_it_degraded_and_are_grouped_by_reason() -> None:
    jobs = [
        job(1, 0.1),
        failed(2, f"{NAME}-002-0f0444b1 ran\nout of memory"),
        failed(3, "disk full"),
        failed(4, f"{NAME}-004-0f0444b1 ran out  of memory"),
    ]
    found = outcome(tuning(), jobs, claimed_best=None)
    assert found.degraded and found.status == "Completed"
    assert [(f.reason, f.count, f.example) for f in found.failures] == [
        ("… ran out of memory", 2, jobs[1].name),
        ("disk full", 1, jobs[2].name),
    ]


def test_an_objective_that_cannot_be_used_is_said_with_its_training_job() -> None:
    found = outcome(tuning(), [job(1, 1e200)], claimed_best=None)

    said = "Its objective, 1e+200, cannot be used: it is not a finite 32-bit number."
    assert [(failure.reason, failure.example) for failure in found.failures] == [(said, job(1, 0.1).name)]
    assert (found.status, found.reason) == ("Failed", f"1 of 1 training jobs failed: {said}")


def test_completed_without_any_model_has_failed_and_says_why() -> None:
    found = outcome(tuning(), [failed(1, "no target"), failed(2, "no target")], claimed_best=None)
    assert (found.status, found.best) == ("Failed", None)
    assert found.reason == "2 of 2 training jobs failed: no target"


def test_a_failed_tuning_job_gives_sagemakers_reason_and_the_training_jobs() -> None:
    words = "No training job succeeded after 5 attempts."
    found = outcome(tuning("Failed", failure=words), [failed(1, None)], claimed_best=None)
    assert found.reason == f"{words} 1 of 1 training jobs failed: no reason given"


def test_a_stopped_tuning_job_keeps_the_best_so_far() -> None:
    found = outcome(tuning("Stopped"), [job(1, 0.2), job(2, None, status="Stopped")], claimed_best=None)
    assert found.best == job(1, 0.2)
    assert (found.status, found.stopped) == ("Stopped", 1)
    assert "best so far is kept" in found.reason


def test_a_champion_is_beaten_only_by_less() -> None:
    assert beats(0.2, 0.1)
    assert not beats(0.1, 0.1)
    assert not beats(0.1, 0.2)
    assert not beats(0.1, math.nan)


def test_the_record_has_what_its_readers_were_promised() -> None:
    made = recorded(job(1, 0.2), job(2, 0.1), failed(3, "no"))
    assert {
        "schema_version", "dataset", "tuning_job", "status", "objective", "best", "training_jobs", "data", "image",
        "spec", "attempt", "created_at", "ended_at", "cost", "warnings", "told", "champion",
    } <= made.keys()  # fmt: skip
    assert made["schema_version"] == 1
    assert made["objective"] == {"name": "mse", "type": "Minimize", "value": 0.1}
    assert made["best"]["training_job"] == f"{NAME}-002-0f0444b1"
    assert made["data"] == {"fingerprint": "1234abcd" * 8, "files": MANIFEST["files"]}
    assert (made["created_at"], made["ended_at"]) == ("2027-01-15T08:00:00.000Z", "2027-01-15T08:01:00.000Z")
    assert made["training_jobs"][2]["failure"] == "no"


def test_the_cost_is_all_training_jobs_seconds_at_the_tables_price() -> None:
    cost = recorded(job(1, 0.2), job(2, 0.1), failed(3, "no"))["cost"]
    assert cost["seconds"] == 108.0  # 3 × 36
    assert cost["price_usd_per_hour"] == price_usd_per_hour("ml.m5.large", "us-east-1")
    assert cost["usd"] == pytest.approx(108 / 3600 * cost["price_usd_per_hour"], abs=1e-6)


def test_without_a_price_the_cost_is_unknown_and_not_nothing() -> None:
    assert recorded(job(1, 0.2), region="mars-north-1")["cost"]["usd"] is None


def test_the_record_is_strict_json_whatever_the_objectives() -> None:
    made = recorded(job(1, math.nan), job(2, math.inf), job(3, 0.5))
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert [entry["objective"] for entry in made["training_jobs"]] == [None, None, 0.5]


def test_every_training_job_shows_the_hyperparameters_that_all_had_alike() -> None:
    whole = {"degree": "3", "target": "y", "folds": "5"}
    listed = job(1, 0.2, hyperparameters={"degree": "1"}, model_uri=None)
    made = recorded(listed, job(2, 0.1, hyperparameters=whole))
    assert made["best"]["hyperparameters"] == whole
    assert made["training_jobs"][0]["hyperparameters"] == {"degree": "1", "folds": "5", "target": "y"}


def test_without_a_best_there_is_no_value() -> None:
    made = recorded(failed(1, "no"), status="Failed", champion={"promoted": False, "current": None})
    assert made["best"] is None and made["objective"]["value"] is None and made["status"] == "Failed"
