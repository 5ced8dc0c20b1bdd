"""Limits on the number of training jobs of a search, and on how it may end."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs.quotas import MAX_RANDOM_JOBS, QUOTAS, refuse_beyond
from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.rules.search_space import combinations

Searched = list[tuple[str, dict[str, Any]]]


def most_jobs(strategy: str, quotas: Mapping[str, int]) -> int:
    """The maximum number of training jobs of one tuning job."""
    usual = MAX_RANDOM_JOBS if strategy == "Random" else QUOTAS["training_jobs_per_tuning_job"]
    return quotas.get("training_jobs_per_tuning_job", usual)


def check_limits(
    config: Mapping[str, Any], searched: list[Searched], quotas: Mapping[str, int], of_parents: int
) -> None:
    """`searched` holds each definition's ranges; the training jobs of a warm start's parents count too.

    Raises: ServiceError: ValidationException or ResourceLimitExceeded."""
    limits, strategy = config["ResourceLimits"], config["Strategy"]
    jobs, parallel = limits.get("MaxNumberOfTrainingJobs"), limits["MaxParallelTrainingJobs"]
    points = [combinations(one) for one in searched]
    total = None if None in points else sum(point for point in points if point is not None)
    if strategy == "Grid":
        jobs = _jobs_of_a_grid(jobs, total)
    elif jobs is None:
        _check_that_it_ends(config)
    most = most_jobs(strategy, quotas)
    refuse_beyond({"training_jobs_per_tuning_job": most}, "training_jobs_per_tuning_job", of_parents, jobs or 1)
    if jobs is not None and parallel > jobs:
        raise invalid("MaxParallelTrainingJobs must be at most MaxNumberOfTrainingJobs.")
    refuse_beyond(quotas, "parallel_training_jobs", 0, parallel)
    if jobs is not None and total is not None and total < jobs:
        text = "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter"
        words = f"combinations for the provided ranges [{float(total)}] must be equal or greater than the value of"
        raise invalid(f"{text} {words} MaxNumberOfJobs, [{jobs}]. Provide additional ranges.")


def _jobs_of_a_grid(jobs: int | None, total: int | None) -> int:
    if total is None or (jobs is not None and jobs != total):
        raise invalid(f"MaxNumberOfTrainingJobs must be the grid's {total} combinations, or be left out.")
    return total


def _check_that_it_ends(config: Mapping[str, Any]) -> None:
    """Require at least one of the criteria by which a search can end."""
    criteria = config.get("TuningJobCompletionCriteria", {})
    if not criteria and "MaxRuntimeInSeconds" not in config["ResourceLimits"]:
        raise invalid("Provide MaxNumberOfTrainingJobs, MaxRuntimeInSeconds or TuningJobCompletionCriteria.")
