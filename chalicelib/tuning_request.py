"""Build SageMaker's CreateHyperParameterTuningJob request from a tuning spec and a snapshot. Pure.

The only place outside `chalicelib.aws` that uses AWS's shapes: the request is frozen in S3 and sent unchanged.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.algorithm import METRICS, OBJECTIVE
from chalicelib.settings import Placement

if TYPE_CHECKING:  # only parsing a spec needs pydantic, which is a tenth of a cold start
    from chalicelib.spec.model import Range, TuningSpec

VOLUME_GB = 10
"""Beside the data: the image, and what training writes."""
SPOT_WAIT_FACTOR = 2
"""A spot training job may take this many times its run time, including waiting, which is not billed."""

_TAGS = {name: f"retune:{name}" for name in ("stack", "dataset", "fingerprint", "attempt")}


@dataclass(frozen=True)
class JobIdentity:
    """What a tuning job is for, according to its tags."""

    stack: str
    dataset: str
    fingerprint: str
    attempt: int


def tuning_request(
    *,
    name: str,
    spec: "TuningSpec",
    channels: Mapping[str, str],
    output_uri: str,
    image: str,
    placement: Placement,
    tags: Mapping[str, str],
    data_bytes: int,
) -> dict[str, Any]:
    """Build the request for the tuning job `name`. `channels` maps channel names to S3 prefixes that end in "/";
    `data_bytes` is the size of all of them."""
    request: dict[str, Any] = {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": _search(spec),
        "TrainingJobDefinition": {
            "StaticHyperParameters": static_hyperparameters(spec),
            "AlgorithmSpecification": _algorithm(image),
            "RoleArn": placement.role_arn,
            "InputDataConfig": [_channel(channel, uri) for channel, uri in sorted(channels.items())],
            "OutputDataConfig": placement.output(output_uri),
            "ResourceConfig": _resources(spec.instance_type, data_bytes, placement),
            **placement.network(),
            "StoppingCondition": _stopping_condition(spec),
            # Without network access, a job cannot send data anywhere; it gets no credentials either.
            "EnableNetworkIsolation": True,
            # No effect on a single instance, but security policies require it.
            "EnableInterContainerTrafficEncryption": True,
        },
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
    }
    if spec.spot:
        request["TrainingJobDefinition"]["EnableManagedSpotTraining"] = True
    return request


def volume_gb(data_bytes: int) -> int:
    """Return the size of a training job's volume, which holds the data up to twice: as it came, and unpacked."""
    return VOLUME_GB + math.ceil(2 * data_bytes / 10**9)


def static_hyperparameters(spec: "TuningSpec") -> dict[str, str]:
    """Return the hyperparameters shared by all training jobs, as strings, including ranges with a single value."""
    single = {name: single_value(bounds) for name, bounds in spec.ranges.items()}
    static = {name: value for name, value in single.items() if value is not None}
    rule = spec.fold_rule()
    own = {"target": spec.target, "folds": str(rule.count)}
    if rule.by is not None:
        own["folds_by"] = rule.by
    if rule.in_order_of is not None:
        own["folds_in_order_of"] = rule.in_order_of
    if spec.missing != "error":
        own["missing"] = spec.missing
    if spec.seed is not None:
        own["seed"] = str(spec.seed)
    return {**static, **spec.static, **own}


def tags_for(stack: str, dataset: str, fingerprint: str, attempt: int, extra: Mapping[str, str]) -> dict[str, str]:
    """Return a tuning job's tags: the four that identify it, and the user's, which cannot override them."""
    ours = (stack, dataset, fingerprint, str(attempt))
    return {**extra, **dict(zip(_TAGS.values(), ours, strict=True))}


def identity_of(tags: Mapping[str, str]) -> JobIdentity | None:
    """Return the identity in a tuning job's tags, or None if they are not Retune's."""
    stack, dataset, fingerprint, attempt = (tags.get(key, "") for key in _TAGS.values())
    if not (stack and dataset and fingerprint and re.fullmatch("[0-9]+", attempt)):
        return None
    return JobIdentity(stack, dataset, fingerprint, int(attempt))


def same_job(tags: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether both sets of tags name the same stack, dataset, fingerprint and attempt."""
    mark = identity_of(tags)
    return mark is not None and mark == identity_of(wanted)


def _search(spec: "TuningSpec") -> dict[str, Any]:
    search: dict[str, Any] = {
        "Strategy": spec.strategy,
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": OBJECTIVE},
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": spec.max_jobs,
            "MaxParallelTrainingJobs": min(spec.max_parallel_jobs, spec.max_jobs),
        },
        "ParameterRanges": _ranges(spec.ranges),
        "TrainingJobEarlyStoppingType": "Off",
    }
    if spec.seed is not None:
        search["RandomSeed"] = spec.seed
    if criteria := _completion_criteria(spec):
        search["TuningJobCompletionCriteria"] = criteria
    return search


def _ranges(ranges: Mapping[str, "Range"]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"integer": [], "continuous": [], "categorical": []}
    for name, bounds in ranges.items():
        if single_value(bounds) is None:
            found[bounds.type].append({"Name": name, **_bounds(bounds)})
    return {f"{kind.capitalize()}ParameterRanges": those for kind, those in found.items() if those}


def _bounds(bounds: "Range") -> dict[str, Any]:
    if bounds.type == "categorical":
        return {"Values": list(bounds.values)}
    return {"MinValue": plain(bounds.min), "MaxValue": plain(bounds.max), "ScalingType": bounds.scaling}


def single_value(bounds: "Range") -> str | None:
    """Return the value of a range that has only one (AWS does not accept such a range), or None."""
    values = bounds.values if bounds.type == "categorical" else (plain(bounds.min), plain(bounds.max))
    return values[0] if len(set(values)) == 1 else None


def plain(number: float) -> str:
    """Format a number in plain decimal notation with every digit: 1e-07 → "0.0000001"."""
    return format(Decimal(repr(number)), "f")


def _completion_criteria(spec: "TuningSpec") -> dict[str, Any]:
    completion = spec.completion
    criteria: dict[str, Any] = {}
    if completion.target_objective is not None:
        criteria["TargetObjectiveMetricValue"] = completion.target_objective
    if completion.not_improving_jobs is not None:
        jobs = completion.not_improving_jobs
        criteria["BestObjectiveNotImproving"] = {"MaxNumberOfTrainingJobsNotImproving": jobs}
    if completion.on_convergence:
        criteria["ConvergenceDetected"] = {"CompleteOnConvergence": "Enabled"}
    return criteria


def _algorithm(image: str) -> dict[str, Any]:
    return {
        "TrainingImage": image,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": metric, "Regex": regex} for metric, regex in METRICS.items()],
    }


def _channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "DataSource": {"S3DataSource": source},
        "ContentType": "text/csv",
        "InputMode": "File",
    }


def _resources(instance_type: str, data_bytes: int, placement: Placement) -> dict[str, Any]:
    return {
        "InstanceType": instance_type,
        "InstanceCount": 1,
        "VolumeSizeInGB": volume_gb(data_bytes),
        **placement.volume(instance_type),
    }


def _stopping_condition(spec: "TuningSpec") -> dict[str, int]:
    condition = {"MaxRuntimeInSeconds": spec.max_runtime_s}
    if spec.spot:
        condition["MaxWaitTimeInSeconds"] = SPOT_WAIT_FACTOR * spec.max_runtime_s
    return condition
