"""A tuning job's completion criteria, evaluated from the objectives of its training jobs alone.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-progress.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.jobs.metrics import as_float32

SIGNIFICANT = 0.01
"""A gain of at most 1 % does not count as an improvement."""
CONVERGED_AFTER = 10
"""AWS's convergence criterion is not public: here, a search has converged after this many training jobs in a row
without a significant gain."""


@dataclass(frozen=True)
class Progress:
    """The progress over the training jobs that ended with an objective, in the order of their end. `not_improving`
    counts those since the last significant gain; `converged_at`, in epoch seconds, never changes once it is set."""

    best: float | None = None
    not_improving: int = 0
    converged_at: float | None = None

    def after(self, objective: float, sign: int, ended_at: float) -> "Progress":
        """`sign` is 1 to minimise and -1 to maximise."""
        count = 0 if improves(objective, self.best, sign) else self.not_improving + 1
        best = objective if self.best is None or sign * (self.best - objective) > 0 else self.best
        converged_at = self.converged_at or (ended_at if count >= CONVERGED_AFTER else None)
        return Progress(best, count, converged_at)


def progress(ended: Iterable[tuple[float, float]], sign: int) -> Progress:
    """From (ended_at, objective) of each training job, in any order."""
    found = Progress()
    for ended_at, objective in sorted(ended):
        found = found.after(objective, sign, ended_at)
    return found


def improves(objective: float, best: float | None, sign: int) -> bool:
    """Whether the objective beats the best so far by more than 1 % of it; the first one always does."""
    return best is None or sign * (best - objective) > SIGNIFICANT * abs(best)


def is_enough(found: Progress, criteria: Mapping[str, Any], sign: int) -> bool:
    """Whether any of TuningJobCompletionCriteria is met. Equality with the target, as a 32-bit float, meets it."""
    target = criteria.get("TargetObjectiveMetricValue")
    if target is not None and found.best is not None and sign * found.best <= sign * as_float32(target):
        return True
    most = criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving")
    if most is not None and found.not_improving >= most:
        return True
    is_asked = criteria.get("ConvergenceDetected", {}).get("CompleteOnConvergence") == "Enabled"
    return is_asked and found.converged_at is not None
