"""What AWS checks across the members of a request, and what this service does not do and says so."""

import re
from collections.abc import Mapping
from math import isfinite, prod
from typing import Any

from localaws.sagemaker.errors import ServiceError, invalid

MAX_TUNABLE, MAX_HYPERPARAMETERS = 30, 100
MAX_JOBS, MAX_RANDOM_JOBS = 750, 10_000
KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")


def check_tuning_job(request: Mapping[str, Any], quotas: Mapping[str, int]) -> None:
    """Raises: ServiceError: ValidationException or ResourceLimitExceeded."""
    config = request["HyperParameterTuningJobConfig"]
    _check_what_is_not_done(request, config)
    definition = request["TrainingJobDefinition"]
    check_definition(definition)
    metric = config["HyperParameterTuningJobObjective"]["MetricName"]
    defined = [found["Name"] for found in definition["AlgorithmSpecification"].get("MetricDefinitions", [])]
    if metric not in defined:
        text = "A metric is required for this hyperparameter tuning job objective."
        raise invalid(f"{text} Provide a metric in the metric definitions.")
    _check_ranges(config, definition.get("StaticHyperParameters", {}))
    _check_limits(config, quotas)


def check_definition(definition: Mapping[str, Any]) -> None:
    """What a training job and a tuning job's definition have in common. Raises: ServiceError: ValidationException."""
    specification = definition.get("AlgorithmSpecification", {})
    if "TrainingImage" not in specification or "StoppingCondition" not in definition:
        raise invalid("This local AWS wants AlgorithmSpecification.TrainingImage and a StoppingCondition.")
    for found in specification.get("MetricDefinitions", []):
        _check_regex(found)
    _check_stopping(definition)


def _check_regex(metric: Mapping[str, str]) -> None:
    try:
        re.compile(metric["Regex"])
    except re.error as error:
        raise invalid(f"The Regex of the metric {metric['Name']} is no regular expression: {error}.") from error


def _check_stopping(definition: Mapping[str, Any]) -> None:
    """A spot job's waiting includes its running."""
    condition = definition["StoppingCondition"]
    wait, runtime = condition.get("MaxWaitTimeInSeconds"), condition.get("MaxRuntimeInSeconds", 86400)
    if definition.get("EnableManagedSpotTraining") and (wait is None or wait < runtime):
        raise invalid("MaxWaitTimeInSeconds must be at least MaxRuntimeInSeconds for managed spot training.")
    if wait is not None and not definition.get("EnableManagedSpotTraining"):
        raise invalid("MaxWaitTimeInSeconds is for managed spot training only.")


def ranges(config: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(kind, range) of every hyperparameter that is searched."""
    given = config.get("ParameterRanges", {})
    return [(kind, found) for kind in KINDS for found in given.get(kind, [])]


def _check_what_is_not_done(request: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    if "TrainingJobDefinition" not in request:
        raise invalid("This local AWS wants exactly one TrainingJobDefinition, and no TrainingJobDefinitions yet.")
    if "HyperParameterTuningJobObjective" not in config:
        raise invalid("HyperParameterTuningJobObjective is required beside a single TrainingJobDefinition.")
    for member, where in (("WarmStartConfig", request), ("Autotune", request)):
        if where.get(member):
            raise invalid(f"This local AWS does not do {member} yet.")
    if config["Strategy"] == "Hyperband":
        raise invalid("This local AWS does not do the Hyperband strategy yet.")
    if config.get("TrainingJobEarlyStoppingType", "Off") != "Off":
        raise invalid("This local AWS does not do early stopping yet: TrainingJobEarlyStoppingType must be Off.")


def _check_ranges(config: Mapping[str, Any], static: Mapping[str, str]) -> None:
    searched = ranges(config)
    names = [found["Name"] for _, found in searched]
    if not names or len(names) > MAX_TUNABLE:
        raise invalid(f"Provide from 1 to {MAX_TUNABLE} hyperparameter ranges, not {len(names)}.")
    doubles = {name for name in names if names.count(name) > 1 or name in static}
    if doubles:
        raise invalid(f"Hyperparameters are defined more than once: {sorted(doubles)}.")
    total = len(names) + len(static) + 1
    if total > MAX_HYPERPARAMETERS:
        raise invalid(
            f"There are {total} hyperparameters with _tuning_objective_metric, more than {MAX_HYPERPARAMETERS}."
        )
    for kind, found in searched:
        if kind != KINDS[2]:
            _check_bounds(kind, found)
    if config["Strategy"] == "Grid" and any(kind != KINDS[2] for kind, _ in searched):
        raise invalid("The Grid strategy supports categorical parameters only.")


def _check_bounds(kind: str, found: Mapping[str, Any]) -> None:
    number = int if kind == KINDS[0] else float
    try:
        low, high = number(found["MinValue"]), number(found["MaxValue"])
    except ValueError as error:
        raise invalid(f"The range of {found['Name']} is not made of numbers: {error}.") from error
    if not (isfinite(low) and isfinite(high)):
        raise invalid(f"The range of {found['Name']} is not finite: {low} and {high}.")
    if not low < high:
        raise invalid(f"MinValue must be less than MaxValue for the parameter {found['Name']}: {low} and {high}.")
    scaling = found.get("ScalingType", "Auto")
    if scaling == "Logarithmic" and low <= 0:
        raise invalid(f"Logarithmic scaling needs values greater than 0 for the parameter {found['Name']}.")
    if scaling == "ReverseLogarithmic" and (kind == KINDS[0] or low < 0 or high >= 1):
        raise invalid(f"ReverseLogarithmic scaling needs a continuous range within [0, 1): {found['Name']}.")


def _check_limits(config: Mapping[str, Any], quotas: Mapping[str, int]) -> None:
    limits = config["ResourceLimits"]
    parallel, jobs = limits["MaxParallelTrainingJobs"], limits.get("MaxNumberOfTrainingJobs")
    if config["Strategy"] == "Grid":
        combinations = prod(len(found["Values"]) for _, found in ranges(config))
        if jobs is not None and jobs != combinations:
            raise invalid(f"MaxNumberOfTrainingJobs must be the grid's {combinations} combinations, or be left out.")
        jobs = combinations
    if jobs is None:
        raise invalid("MaxNumberOfTrainingJobs is required by this strategy in this local AWS.")
    most = MAX_RANDOM_JOBS if config["Strategy"] == "Random" else MAX_JOBS
    if jobs > most:
        raise _quota("Maximum number of training jobs per hyperparameter tuning job", most, jobs)
    if parallel > jobs:
        raise invalid("MaxParallelTrainingJobs must be at most MaxNumberOfTrainingJobs.")
    if parallel > quotas["parallel_training_jobs"]:
        text = "Maximum number of parallel training jobs per hyperparameter tuning job"
        raise _quota(text, quotas["parallel_training_jobs"], parallel)
    _check_combinations(config, jobs)


def _check_combinations(config: Mapping[str, Any], jobs: int) -> None:
    sizes = [_size(kind, found) for kind, found in ranges(config)]
    if None in sizes:
        return
    total = prod(size for size in sizes if size is not None)
    if total < jobs:
        text = "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter"
        words = f"combinations for the provided ranges [{float(total)}] must be equal or greater than the value of"
        raise invalid(f"{text} {words} MaxNumberOfJobs, [{jobs}]. Provide additional ranges.")


def _size(kind: str, found: Mapping[str, Any]) -> int | None:
    if kind == KINDS[2]:
        return len(found["Values"])
    return int(found["MaxValue"]) - int(found["MinValue"]) + 1 if kind == KINDS[0] else None


def _quota(limit: str, most: int, asked: int) -> ServiceError:
    text = f"The account-level service limit '{limit}' is {most} Jobs, with current utilization of 0 Jobs and a request"
    return ServiceError("ResourceLimitExceeded", f"{text} delta of {asked} Jobs.")
