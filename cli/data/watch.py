"""Following one dataset from its upload to the message, by asking: the ledger what was decided, SageMaker how
the training jobs do. Nothing here acts."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.state import Head, JobItem, JobStatus, Phase
from cli.target.stack import Stack

POLL_S = 0.4
LONG_SEEN_S = 10.0
"""A listing is noted first and decided on after; an older decision is believed once the listing is so old."""
UNDER_WAY = (Phase.COPYING, Phase.CREATING, Phase.STARTED)


@dataclass(frozen=True)
class WatchedJob:
    """One training job of a tuning job, as SageMaker lists it. `seconds` runs on until it has ended."""

    name: str
    status: str
    hyperparameters: dict[str, str]
    objective: float | None
    seconds: float | None
    failure: str


@dataclass(frozen=True)
class Progress:
    """What is known at one moment. `attempt` is the tuning job's item once it was bought."""

    head: Head
    attempt: JobItem | None = None
    training_jobs: tuple[WatchedJob, ...] = ()
    max_jobs: int = 0
    is_over: bool = False

    @property
    def reason(self) -> str:
        return self.head.decided.reason if self.head.decided else "Waiting for the upload's event."

    @property
    def is_refused(self) -> bool:
        return bool(self.head.decided and self.head.decided.kind.lower().startswith("refuse"))

    @property
    def is_completed(self) -> bool:
        return bool(self.attempt and self.attempt.status is JobStatus.COMPLETED)

    @property
    def objectives(self) -> list[float]:
        return [job.objective for job in self.training_jobs if job.objective is not None]


@dataclass
class Watch:
    """Looks at one dataset again and again until all that it asks for is done and told."""

    stack: Stack
    dataset: str
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    _settings: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Progress]:
        while True:
            progress = self.look()
            yield progress
            if progress.is_over:
                return
            self.sleep(POLL_S)

    def look(self) -> Progress:
        """The state of things now."""
        head = self.stack.ledger.head(self.dataset)
        if not self._is_about_these_files(head):
            return Progress(replace(head, decided=None))
        bought = [job for job in self.stack.ledger.jobs(self.dataset) if job.tuning_job == head.tuning_job]
        attempt = bought[-1] if bought else None
        jobs = training_jobs(self.stack.sagemaker, attempt.tuning_job) if attempt else ()
        return Progress(
            head=head,
            attempt=attempt,
            training_jobs=jobs,
            max_jobs=self._max_jobs(attempt.tuning_job) if attempt else 0,
            is_over=_asks_for_nothing_more(head),
        )

    def _is_about_these_files(self, head: Head) -> bool:
        """Whether a purchase is under way, or the last decision was taken on the files as they are now."""
        if head.phase in UNDER_WAY:
            return True
        if head.decided is None or head.listing != self.stack.bucket.listing(self.dataset).digest:
            return False
        return head.decided.since >= head.seen_at or self.now() - head.seen_at > LONG_SEEN_S

    def _max_jobs(self, tuning_job: str) -> int:
        if tuning_job not in self._settings:
            config = self.stack.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=tuning_job)[
                "HyperParameterTuningJobConfig"
            ]
            self._settings[tuning_job] = config["ResourceLimits"]["MaxNumberOfTrainingJobs"]
        return self._settings[tuning_job]


def _asks_for_nothing_more(head: Head) -> bool:
    decided = head.decided.kind.lower() if head.decided else ""
    return head.phase not in UNDER_WAY and decided.startswith(("nothing", "refuse"))


def training_jobs(sagemaker: Any, tuning_job: str) -> tuple[WatchedJob, ...]:
    """The tuning job's training jobs in the order of their creation."""
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=tuning_job, SortBy="CreationTime", SortOrder="Ascending"
    )
    return tuple(_training_job(found) for page in pages for found in page["TrainingJobSummaries"])


def _training_job(found: dict[str, Any]) -> WatchedJob:
    measured = found.get("FinalHyperParameterTuningJobObjectiveMetric")
    start, end = found.get("TrainingStartTime"), found.get("TrainingEndTime")
    return WatchedJob(
        name=found["TrainingJobName"],
        status=found["TrainingJobStatus"],
        hyperparameters=dict(found.get("TunedHyperParameters", {})),
        objective=float(measured["Value"]) if measured else None,
        seconds=((end or datetime.now(UTC)) - start).total_seconds() if start else None,
        failure=found.get("FailureReason", ""),
    )
