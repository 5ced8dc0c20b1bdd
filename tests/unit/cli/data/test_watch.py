"""Following a dataset, against a ledger and a SageMaker with memory only."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.dataset import FileVersion, Listing
from chalicelib.state import Decided, Head, JobItem, JobStatus, Phase
from cli.data.watch import Watch

FILES = Listing("iris", (FileVersion("datasets/iris/train/iris.csv", "e1", 10),))
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """A stack as `Watch` uses it: ledger, bucket and sagemaker in one."""

    head_now: Head
    attempts: tuple[JobItem, ...] = ()
    summaries: list[dict[str, Any]] = field(default_factory=list)

    ledger = bucket = sagemaker = property(lambda self: self)

    def head(self, dataset: str) -> Head:
        return self.head_now

    def jobs(self, dataset: str) -> tuple[JobItem, ...]:
        return self.attempts

    def listing(self, dataset: str) -> Listing:
        return FILES

    def describe_hyper_parameter_tuning_job(self, **_: str) -> dict[str, Any]:
        return {"HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 9}}}

    def get_paginator(self, operation: str) -> "World":
        assert operation == "list_training_jobs_for_hyper_parameter_tuning_job"
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"TrainingJobSummaries": self.summaries}]


def look(head: Head, now: float = 100.0, **world: Any) -> Any:
    return Watch(World(head, **world), "iris", now=lambda: now).look()  # type: ignore[arg-type]


def decided(kind: str, since: float = 50.0) -> Decided:
    return Decided(kind, "Because.", since)


@pytest.mark.parametrize("kind", ["Nothing", "Refuse"])
def test_it_is_over_when_nothing_more_is_asked_for(kind: str) -> None:
    head = Head("iris", listing=FILES.digest, seen_at=49.0, decided=decided(kind))
    assert look(head).is_over


def test_it_is_not_over_while_a_purchase_is_under_way() -> None:
    for phase in (Phase.COPYING, Phase.CREATING, Phase.STARTED):
        assert not look(Head("iris", phase, listing=FILES.digest, decided=decided("Nothing"))).is_over


def test_it_is_not_over_while_the_ledger_has_not_seen_the_newest_files() -> None:
    assert not look(Head("iris", listing="older", decided=decided("Nothing"))).is_over
    assert not look(Head("iris")).is_over


def test_a_decision_from_before_the_files_were_seen_is_not_about_them() -> None:
    head = Head("iris", listing=FILES.digest, seen_at=99.5, decided=decided("Refuse", since=10.0))
    assert not look(head, now=100.0).is_over
    assert look(head, now=120.0).is_over


def test_what_became_of_older_files_is_not_shown_as_progress() -> None:
    attempt = JobItem("iris", "f", 1, "retune-iris-f-a1", JobStatus.COMPLETED, 0.0)
    done = Head("iris", Phase.ENDED, tuning_job=attempt.tuning_job, listing="older", decided=decided("Nothing"))
    progress = look(done, attempts=(attempt,), summaries=[{"TrainingJobName": "a", "TrainingJobStatus": "Completed"}])
    assert progress.training_jobs == ()
    assert progress.reason == "Waiting for the upload's event."
    assert not progress.is_over


def test_training_jobs_are_shown_as_sagemaker_lists_them() -> None:
    running = {
        "TrainingJobName": "a",
        "TrainingJobStatus": "InProgress",
        "TunedHyperParameters": {"degree": "1"},
    }
    completed = {
        "TrainingJobName": "b",
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {"degree": "2"},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "mse", "Value": 0.25},
        "TrainingStartTime": START,
        "TrainingEndTime": START + timedelta(seconds=3),
    }
    attempt = JobItem("iris", "f", 1, "retune-iris-f-a1", JobStatus.STARTED, 0.0)
    head = Head("iris", Phase.STARTED, tuning_job="retune-iris-f-a1")
    progress = look(head, attempts=(attempt,), summaries=[running, completed])
    assert [job.objective for job in progress.training_jobs] == [None, 0.25]
    assert [job.seconds for job in progress.training_jobs] == [None, 3.0]
    assert progress.max_jobs == 9
    assert not progress.is_completed
