"""A judge of requests: botocore's own service model, with what botocore reads but does not check (longest, pattern,
enumeration, most members), and the rules between members that the model cannot say.
"""

import re
from collections.abc import Iterator
from functools import cache
from math import inf, prod
from typing import Any

import boto3
from botocore.validate import ParamValidator

OPERATION = "CreateHyperParameterTuningJob"
_UNICODE = {
    r"\p{Alnum}": "a-zA-Z0-9",
    r"\p{L}": r"\w",
    r"\p{N}": r"\w",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
}


def faults(request: dict[str, Any], operation: str = OPERATION) -> list[str]:
    """Everything that AWS would refuse in this request, as far as can be known without it; each with its path."""
    found = model_faults(request, operation)
    return found + list(_broken_rules(request) if operation == OPERATION and not found else ())


def model_faults(request: dict[str, Any], operation: str) -> list[str]:
    """What the service model alone says against a request."""
    shape = _model().operation_model(operation).input_shape
    report = ParamValidator().validate(request, shape)
    return [report.generate_report()] if report.has_errors() else list(_faults(request, shape, ""))


@cache
def _model() -> Any:
    return boto3.client("sagemaker", "us-east-1").meta.service_model


def _faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    yield from _limits(value, shape, path)
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from _faults(inner, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, inner in enumerate(value):
            yield from _faults(inner, shape.member, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, inner in value.items():
            yield from _faults(key, shape.key, f"{path} key {key!r}")
            yield from _faults(inner, shape.value, f"{path}[{key!r}]")


def _limits(value: Any, shape: Any, path: str) -> Iterator[str]:
    limits = shape.metadata
    size = value if shape.type_name in ("integer", "long", "float", "double") else None
    if isinstance(value, str | list | dict):
        size = len(value)
    if size is not None and not limits.get("min", size) <= size <= limits.get("max", size):
        yield f"{path}: {size} is not from {limits.get('min')} to {limits.get('max')}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"{path}: {value!r} is none of its enumeration"
    if "pattern" in limits and not re.fullmatch(_python(limits["pattern"]), value):
        yield f"{path}: {value!r} does not match {limits['pattern']}"


def _python(pattern: str) -> str:
    for theirs, ours in _UNICODE.items():
        pattern = pattern.replace(theirs, ours)
    return pattern


def _broken_rules(request: dict[str, Any]) -> Iterator[str]:
    """SageMaker guide: "Automatic model tuning limits", "Define hyperparameter ranges", "Managed spot training"."""
    config, definition = request["HyperParameterTuningJobConfig"], request["TrainingJobDefinition"]
    ranges = config.get("ParameterRanges", {})
    tuned = [bounds for those in ranges.values() for bounds in those]
    names = [bounds["Name"] for bounds in tuned]
    static = definition.get("StaticHyperParameters", {})
    if not 1 <= len(names) <= 30:
        yield f"{len(names)} hyperparameters are tuned, not 1 to 30"
    if len(set(names)) < len(names) or set(names) & set(static):
        yield "a hyperparameter is given twice"
    if len(names) + len(static) + len(["_tuning_objective_metric"]) > 100:
        yield "there are more than 100 hyperparameters"
    for bounds in tuned:
        yield from _broken_by_a_range(bounds)
    if any(b.get("ScalingType") == "ReverseLogarithmic" for b in ranges.get("IntegerParameterRanges", ())):
        yield "ReverseLogarithmic is for continuous ranges"
    yield from _broken_by_the_number_of_jobs(config, tuned)
    stopping = definition["StoppingCondition"]
    if definition.get("EnableManagedSpotTraining", False) != ("MaxWaitTimeInSeconds" in stopping):
        yield "MaxWaitTimeInSeconds belongs to spot training, and spot training to it"
    if stopping.get("MaxWaitTimeInSeconds", stopping["MaxRuntimeInSeconds"]) < stopping["MaxRuntimeInSeconds"]:
        yield "MaxWaitTimeInSeconds is less than MaxRuntimeInSeconds"


def _broken_by_a_range(bounds: dict[str, Any]) -> Iterator[str]:
    values = bounds.get("Values")
    if values is not None:
        if len(values) < 2 or len(set(values)) < len(values):
            yield f"{bounds['Name']}: {values} must be at least two values, none twice"
        return
    if not all(re.fullmatch(r"-?\d+(\.\d+)?", bounds[end]) for end in ("MinValue", "MaxValue")):
        yield f"{bounds['Name']}: ends must be in plain decimal notation"
        return
    low, high = float(bounds["MinValue"]), float(bounds["MaxValue"])
    if low >= high:
        yield f"{bounds['Name']}: MinValue must be less than MaxValue"
    if bounds.get("ScalingType") == "Logarithmic" and low <= 0:
        yield f"{bounds['Name']}: Logarithmic needs values above 0"
    if bounds.get("ScalingType") == "ReverseLogarithmic" and not 0 <= low <= high < 1:
        yield f"{bounds['Name']}: ReverseLogarithmic needs values from 0 to below 1"


def _broken_by_the_number_of_jobs(config: dict[str, Any], tuned: list[dict[str, Any]]) -> Iterator[str]:
    limits, strategy = config["ResourceLimits"], config["Strategy"]
    jobs = limits.get("MaxNumberOfTrainingJobs")
    if strategy == "Grid":
        combinations = 1
        for bounds in tuned:
            if "Values" not in bounds:
                yield f"{bounds['Name']}: Grid takes categorical ranges only"
            combinations *= len(bounds.get("Values", ()))
        if jobs not in (None, combinations):
            yield f"Grid has {combinations} combinations, not {jobs}"
        return
    if jobs is None or not 1 <= jobs <= (10_000 if strategy == "Random" else 750):
        yield f"{jobs} training jobs are too many or none"
    elif limits["MaxParallelTrainingJobs"] > jobs:
        yield "more training jobs in parallel than altogether"
    elif jobs > _combinations(tuned):
        yield f"{jobs} training jobs are more than there are combinations"


def _combinations(tuned: list[dict[str, Any]]) -> float:
    """How many different training jobs there can be; without end where a range is continuous."""
    sizes = [len(b["Values"]) if "Values" in b else _whole_numbers(b) for b in tuned]
    return prod(sizes)


def _whole_numbers(bounds: dict[str, Any]) -> float:
    ends = bounds["MinValue"], bounds["MaxValue"]
    return inf if any("." in end for end in ends) else int(ends[1]) - int(ends[0]) + 1
