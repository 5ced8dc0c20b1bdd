"""What AWS checks across the members of a request, and what this service does not do and says so."""

import re
from collections.abc import Mapping
from math import isfinite, prod
from typing import Any

from localaws.sagemaker.definitions import Definition, definitions
from localaws.sagemaker.errors import ServiceError, invalid
from localaws.sagemaker.hyperband import resources

MAX_TUNABLE, MAX_HYPERPARAMETERS = 30, 100
MAX_JOBS, MAX_RANDOM_JOBS = 750, 10_000
KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")


def check_tuning_job(request: Mapping[str, Any], quotas: Mapping[str, int]) -> None:
    """Raises: ServiceError: ValidationException or ResourceLimitExceeded."""
    config = request["HyperParameterTuningJobConfig"]
    _check_shape(request, config)
    found = definitions(request)
    for definition in found:
        _check_one(definition)
    _check_limits(config, [definition.config for definition in found], quotas)


def _check_one(definition: Definition) -> None:
    check_definition(definition.request)
    defined = [metric["Name"] for metric in definition.request["AlgorithmSpecification"].get("MetricDefinitions", [])]
    if definition.metric not in defined:
        text = "A metric is required for this hyperparameter tuning job objective."
        raise invalid(f"{text} Provide a metric in the metric definitions.")
    _check_ranges(definition.config, definition.static)
    if definition.config["Strategy"] == "Hyperband" and resources(definition.config, definition.static) is None:
        raise invalid("Hyperband needs MaxResource, or a static number of epochs to infer it from.")


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


def _check_shape(request: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    several = request.get("TrainingJobDefinitions", [])
    if ("TrainingJobDefinition" in request) == bool(several):
        raise invalid("Provide either TrainingJobDefinition or TrainingJobDefinitions.")
    if not several and "HyperParameterTuningJobObjective" not in config:
        raise invalid("HyperParameterTuningJobObjective is required beside a single TrainingJobDefinition.")
    if request.get("Autotune"):
        raise invalid("This local AWS does not do Autotune.")
    if config["Strategy"] == "Hyperband" and config.get("TrainingJobEarlyStoppingType", "Off") != "Off":
        raise invalid("TrainingJobEarlyStoppingType must be Off to use Hyperband, which stops training jobs itself.")
    _check_several(request, config, several)


def _check_several(request: Mapping[str, Any], config: Mapping[str, Any], several: list[dict[str, Any]]) -> None:
    names = [found.get("DefinitionName") for found in several]
    if None in names or len(set(names)) < len(names):
        raise invalid("Each of TrainingJobDefinitions needs a DefinitionName of its own.")
    kinds = {found.get("TuningObjective", {}).get("Type") for found in several}
    if None in kinds or len(kinds) > 1:
        raise invalid("Each of TrainingJobDefinitions needs a TuningObjective, all of the same Type.")
    if several and (request.get("WarmStartConfig") or config.get("TrainingJobEarlyStoppingType", "Off") != "Off"):
        raise invalid("Warm start and early stopping are available only when tuning a single algorithm.")


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


def _check_limits(config: Mapping[str, Any], configs: list[Mapping[str, Any]], quotas: Mapping[str, int]) -> None:
    limits = config["ResourceLimits"]
    parallel, jobs = limits["MaxParallelTrainingJobs"], limits.get("MaxNumberOfTrainingJobs")
    if config["Strategy"] == "Grid":
        combinations = sum(prod(len(found["Values"]) for _, found in ranges(one)) for one in configs)
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
    _check_combinations(configs, jobs)


def _check_combinations(configs: list[Mapping[str, Any]], jobs: int) -> None:
    sizes = [[_size(kind, found) for kind, found in ranges(config)] for config in configs]
    if any(None in found for found in sizes):
        return
    total = sum(prod(size for size in found if size is not None) for found in sizes)
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
