"""AWS's rules across the members of CreateHyperParameterTuningJob's request."""

from collections.abc import Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.jobs.definitions import Definition, definitions, resource_config
from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.rules.definition import check_definition, check_resources
from local_sagemaker.sagemaker.rules.limits import check_limits
from local_sagemaker.sagemaker.rules.search_space import check_search_space, ranges
from local_sagemaker.sagemaker.rules.strategies import check_strategy
from local_sagemaker.sagemaker.rules.warm_start import Parent, check_warm_start

MAX_ENVIRONMENT = 48


def check_tuning_job(
    request: Mapping[str, Any], quotas: Mapping[str, int], parents: Sequence[Parent] = (), of_parents: int = 0
) -> None:
    """`parents` are those of the warm start, `of_parents` the number of their training jobs.

    Raises: ServiceError: ValidationException or ResourceLimitExceeded."""
    config = request["HyperParameterTuningJobConfig"]
    _check_shape(request, config)
    found = definitions(request)
    for definition, given in zip(found, _given(request), strict=True):
        check_definition(given)
        _check_instances(given)
        _check_metric(definition)
        check_search_space(ranges(definition.config), definition.static)
    _check_environments([definition.request for definition in found])
    searched = [ranges(definition.config) for definition in found]
    check_strategy(config, [one for space in searched for one in space], [definition.static for definition in found])
    if "WarmStartConfig" in request:
        check_warm_start(request, parents)
    check_limits(config, searched, quotas, of_parents)


def _given(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(request.get("TrainingJobDefinitions") or [request["TrainingJobDefinition"]])


def _check_shape(request: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Check that there is one definition or several, and that their members are in the right place."""
    several = request.get("TrainingJobDefinitions")
    if ("TrainingJobDefinition" in request) == (several is not None):
        raise invalid("Provide exactly one of TrainingJobDefinition and TrainingJobDefinitions.")
    if several is None:
        _check_the_one(request["TrainingJobDefinition"], config)
    else:
        _check_several(several, config)
        if config.get("TrainingJobEarlyStoppingType", "Off") != "Off" or "WarmStartConfig" in request:
            raise invalid("Warm start and early stopping are available only when tuning a single algorithm.")
    spaces = [config.get("ParameterRanges", {}), *(one.get("HyperParameterRanges", {}) for one in _given(request))]
    if "Autotune" in request or any(space.get("AutoParameters") for space in spaces):
        raise invalid("The local AWS does not support Autotune: pass ParameterRanges without AutoParameters.")


def _check_several(several: Sequence[Mapping[str, Any]], config: Mapping[str, Any]) -> None:
    if "HyperParameterTuningJobObjective" in config or "ParameterRanges" in config:
        text = "With TrainingJobDefinitions, objective and ranges belong in each definition, as TuningObjective and"
        raise invalid(f"{text} HyperParameterRanges, not in HyperParameterTuningJobConfig.")
    for definition in several:
        if missing := {"DefinitionName", "TuningObjective", "HyperParameterRanges"} - definition.keys():
            raise invalid(f"Each of TrainingJobDefinitions must have {', '.join(sorted(missing))}.")
    names = [definition["DefinitionName"] for definition in several]
    if len({name.lower() for name in names}) < len(names):
        raise invalid(f"The names of training job definitions must be unique: {sorted(names)}.")
    if len({definition["TuningObjective"]["Type"] for definition in several}) > 1:
        raise invalid("The objectives of all training job definitions must have the same Type.")


def _check_the_one(definition: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    if "HyperParameterTuningJobObjective" not in config:
        raise invalid("HyperParameterTuningJobObjective is required with a single TrainingJobDefinition.")
    if misplaced := {"TuningObjective", "HyperParameterRanges"} & definition.keys():
        text = f"{', '.join(sorted(misplaced))} of a single TrainingJobDefinition"
        raise invalid(f"{text} must be given in HyperParameterTuningJobConfig.")


def _check_metric(definition: Definition) -> None:
    defined = [found["Name"] for found in definition.request["AlgorithmSpecification"].get("MetricDefinitions", [])]
    if definition.metric not in defined:
        text = "A metric is required for this hyperparameter tuning job objective."
        raise invalid(f"{text} Provide a metric in the metric definitions.")


def _check_environments(requests: Sequence[Mapping[str, Any]]) -> None:
    """The service model's limit for one definition also applies to all of them together."""
    if sum(len(request.get("Environment", {})) for request in requests) > MAX_ENVIRONMENT:
        raise invalid(f"All definitions together must have at most {MAX_ENVIRONMENT} environment variables.")


def _check_instances(definition: Mapping[str, Any]) -> None:
    """Check ResourceConfig or its alternative for tuning jobs; both, where a description returns both."""
    flexible = definition.get("HyperParameterTuningResourceConfig")
    fixed = definition.get("ResourceConfig")
    if (flexible is None) == (fixed is None) and not (flexible and fixed == resource_config(flexible)):
        raise invalid("Provide exactly one of ResourceConfig and HyperParameterTuningResourceConfig.")
    if flexible is None:
        check_resources(definition)
        return
    several, single = flexible.get("InstanceConfigs"), {"InstanceType", "InstanceCount", "VolumeSizeInGB"}
    if several is not None and single & flexible.keys():
        raise invalid(f"With InstanceConfigs, do not pass {', '.join(sorted(single & flexible.keys()))}.")
    if several is None and not {"InstanceType", "InstanceCount"} <= flexible.keys():
        raise invalid(
            "HyperParameterTuningResourceConfig needs an InstanceType and an InstanceCount, or InstanceConfigs."
        )
    if several is None and "AllocationStrategy" in flexible:
        raise invalid("AllocationStrategy is valid only with InstanceConfigs.")
    if any(one["InstanceCount"] != 1 for one in several or [flexible]):
        raise invalid("The local AWS trains on one instance: InstanceCount must be 1.")
