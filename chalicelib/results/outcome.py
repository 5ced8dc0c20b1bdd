"""What a tuning job came to: which training job is the best, and why the others are not. Pure.

SageMaker's word for the best is believed only if it is one of the best we find ourselves: among the training
jobs that completed, left a model and have a finite objective.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ENDED = {"Completed", "Failed", "Stopped"}


@dataclass(frozen=True)
class TrainingJob:
    """One training job. Times are epoch seconds; `seconds` is what AWS bills, None while it is not known."""

    name: str
    status: str
    hyperparameters: Mapping[str, str]
    objective: float | None = None
    seconds: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    failure: str | None = None
    model_uri: str | None = None

    @property
    def is_eligible(self) -> bool:
        """Can it be the best?"""
        return self.status == "Completed" and bool(self.model_uri) and finite(self.objective) is not None


@dataclass(frozen=True)
class TuningJob:
    """One tuning job. `claimed_best` is the training job that SageMaker calls the best."""

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
    """Training jobs that failed for the same reason."""

    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Outcome:
    """`status` is Completed, Failed or Stopped; Completed always has a `best`. `degraded`: not every training
    job gave a model. `cost_seconds` are all training jobs' billed seconds."""

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
    """What an ended tuning job came to. One that completed without any model has failed."""
    jobs = tuple(sorted(training_jobs, key=lambda job: job.name))
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
    """Is `objective` the better one? Equals do not dethrone."""
    return math.isfinite(objective) and not objective >= champion_objective


def _best(jobs: tuple[TrainingJob, ...], claimed_best: str | None) -> TrainingJob | None:
    """The least objective; of equals the one that SageMaker names, else the first by name."""
    eligible = [job for job in jobs if job.is_eligible]
    return min(eligible, key=lambda job: (job.objective, job.name != claimed_best, job.name), default=None)


def _succeeded(job: TrainingJob) -> bool:
    return job.status == "Completed" and finite(job.objective) is not None


def finite(value: float | None) -> float | None:
    """The number, or None for what JSON has no number for."""
    return value if value is not None and math.isfinite(value) else None


def _grouped_failures(jobs: tuple[TrainingJob, ...]) -> tuple[Failure, ...]:
    """The commonest reason first. Names and numbers of single jobs in a reason do not make it another one."""
    groups: dict[str, list[TrainingJob]] = {}
    for job in jobs:
        if job.status == "Failed":
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
    """Why it ended as it did, in a sentence; empty when there is nothing to explain."""
    if status == "Completed":
        return ""
    said = (tuning_job.failure or "").strip()
    if status == "Stopped":
        kept = "the best so far is kept" if best else "no training job had completed"
        return said or f"The tuning job was stopped; {kept}."
    if failures:
        first = failures[0]
        why = f"{first.count} of {len(jobs)} training jobs failed: {first.reason}"
        return f"{said} {why}".strip()
    return said or "No training job completed with a model and an objective."
