"""The outcome of a tuning job: which training job is the best, and why others failed. Pure.

SageMaker's choice of the best training job only breaks ties: the best is the lowest objective among the training jobs
that completed, left a model and have an objective that can be used.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

_ENDED = {"Completed", "Failed", "Stopped"}
LARGEST_OBJECTIVE = 3.4028234663852886e38
"""The largest 32-bit float, SageMaker's type of an objective. JSON has no infinity, DynamoDB nothing beyond 1e126."""


@dataclass(frozen=True)
class TrainingJob:
    """One training job. Times are epoch seconds; `seconds` is the billed time, None while it is unknown.

    `metrics` are the last values of those in its log, known only of a job that was described individually."""

    name: str
    status: str
    hyperparameters: Mapping[str, str]
    objective: float | None = None
    seconds: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    failure: str | None = None
    model_uri: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_eligible(self) -> bool:
        """Whether it can be the best."""
        return self.status == "Completed" and bool(self.model_uri) and usable(self.objective) is not None


@dataclass(frozen=True)
class TuningJob:
    """One tuning job. `claimed_best` is the training job that SageMaker reports as the best."""

    name: str
    status: str
    failure: str | None = None
    created_at: float | None = None
    ended_at: float | None = None
    image: str | None = None
    claimed_best: str | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in _ENDED


@dataclass(frozen=True)
class Failure:
    """Training jobs that failed, or gave an objective that cannot be used, for the same reason."""

    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Outcome:
    """`status` is Completed, Failed or Stopped; Completed always has a `best`. `degraded`: there is a best, but not
    every training job succeeded. `cost_seconds` is the billed time of all training jobs."""

    tuning_job: TuningJob
    training_jobs: tuple[TrainingJob, ...]
    status: str
    best: TrainingJob | None
    completed: int
    failed: int
    stopped: int
    degraded: bool
    reason: str
    failures: tuple[Failure, ...]
    cost_seconds: float


def outcome(tuning_job: TuningJob, training_jobs: Iterable[TrainingJob], claimed_best: str | None) -> Outcome:
    """Determine the outcome of a tuning job that has ended. One that completed without any model counts as failed."""
    jobs = tuple(sorted(map(_with_usable_objective, training_jobs), key=lambda job: job.name))
    best = _best(jobs, claimed_best)
    counts = Counter(job.status for job in jobs)
    status = "Failed" if tuning_job.status == "Completed" and best is None else tuning_job.status
    failures = _grouped_failures(jobs)
    return Outcome(
        tuning_job=tuning_job,
        training_jobs=jobs,
        status=status,
        best=best,
        completed=counts["Completed"],
        failed=counts["Failed"],
        stopped=counts["Stopped"] + counts["Stopping"],
        degraded=best is not None and any(not _succeeded(job) for job in jobs),
        reason=_reason(tuning_job, status, best, jobs, failures),
        failures=failures,
        cost_seconds=sum(job.seconds or 0.0 for job in jobs),
    )


def beats(champion_objective: float, objective: float) -> bool:
    """Whether `objective` is strictly better than the champion's; a tie keeps the champion."""
    return usable(objective) is not None and not objective >= champion_objective


def _best(jobs: tuple[TrainingJob, ...], claimed_best: str | None) -> TrainingJob | None:
    """Return the job with the lowest objective; in a tie, SageMaker's choice, else the first by name."""
    eligible = [job for job in jobs if job.is_eligible]
    return min(eligible, key=lambda job: (job.objective, job.name != claimed_best, job.name), default=None)


def _succeeded(job: TrainingJob) -> bool:
    return job.status == "Completed" and usable(job.objective) is not None


def usable(objective: float | None) -> float | None:
    """Return the objective, or None if it is no finite 32-bit number."""
    return objective if objective is not None and abs(objective) <= LARGEST_OBJECTIVE else None


def _with_usable_objective(job: TrainingJob) -> TrainingJob:
    """Return the job without an objective that cannot be used; if it completed, its failure names that instead."""
    if job.objective is None or usable(job.objective) is not None:
        return job
    said = f"Its objective, {job.objective!r}, cannot be used: it is not a finite 32-bit number."
    return replace(job, objective=None, failure=said if job.status == "Completed" else job.failure)


def _grouped_failures(jobs: tuple[TrainingJob, ...]) -> tuple[Failure, ...]:
    """Group failures by reason, the most common first. A job's own name in its reason does not distinguish it."""
    groups: dict[str, list[TrainingJob]] = {}
    for job in jobs:
        if job.status == "Failed" or (job.status == "Completed" and job.failure):
            reason = re.sub(r"\s+", " ", (job.failure or "no reason given").replace(job.name, "…")).strip()
            groups.setdefault(reason, []).append(job)
    found = [Failure(reason, len(those), those[0].name) for reason, those in groups.items()]
    return tuple(sorted(found, key=lambda failure: (-failure.count, failure.reason)))


def _reason(
    tuning_job: TuningJob,
    status: str,
    best: TrainingJob | None,
    jobs: tuple[TrainingJob, ...],
    failures: tuple[Failure, ...],
) -> str:
    """Explain in a sentence why it ended as it did; empty if there is nothing to explain."""
    if status == "Completed":
        return ""
    aws_reason = (tuning_job.failure or "").strip()
    if status == "Stopped":
        kept = "the best so far is kept" if best else "no training job had completed"
        return aws_reason or f"The tuning job was stopped; {kept}."
    if failures:
        first = failures[0]
        why = f"{first.count} of {len(jobs)} training jobs failed: {first.reason}"
        return f"{aws_reason} {why}".strip()
    return aws_reason or "No training job completed with a model and an objective."
