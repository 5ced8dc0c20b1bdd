"""A tuning job's one TrainingJobDefinition or several TrainingJobDefinitions in a common form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_OF_TUNING_ONLY = (
    "DefinitionName", "TuningObjective", "HyperParameterRanges", "StaticHyperParameters",
    "HyperParameterTuningResourceConfig",
)  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """One algorithm. `config` is the tuning job's config with this algorithm's ranges and objective; `request` is its
    part of a CreateTrainingJob request; `kind` is Minimize or Maximize."""

    name: str | None
    metric: str
    kind: str
    config: Mapping[str, Any]
    request: Mapping[str, Any]
    static: Mapping[str, str]

    @property
    def sign(self) -> int:
        """The factor by which a smaller objective becomes the better one."""
        return 1 if self.kind == "Minimize" else -1


def definitions(request: Mapping[str, Any]) -> tuple[Definition, ...]:
    """The algorithms of CreateHyperParameterTuningJob's request, in its order."""
    config = request["HyperParameterTuningJobConfig"]
    if "TrainingJobDefinition" in request:
        return (_definition(request["TrainingJobDefinition"], config),)
    return tuple(_definition(given, _own_config(config, given)) for given in request["TrainingJobDefinitions"])


def next_definition(asked: Sequence[int], most: Sequence[float]) -> int | None:
    """The index of the definition for the next training job: the one with the fewest so far, the earlier of equals;
    None if all have had their maximum.

    AWS does not document how it divides training jobs among several algorithms; equal shares are assumed."""
    free = [number for number, count in enumerate(asked) if count < most[number]]
    return min(free, key=lambda number: asked[number], default=None)


def _definition(given: Mapping[str, Any], config: Mapping[str, Any]) -> Definition:
    request = {name: value for name, value in given.items() if name not in _OF_TUNING_ONLY}
    resources = given.get("HyperParameterTuningResourceConfig")
    if resources and "ResourceConfig" not in request:
        request["ResourceConfig"] = resource_config(resources)
    objective, static = config["HyperParameterTuningJobObjective"], given.get("StaticHyperParameters", {})
    return Definition(
        given.get("DefinitionName"), objective["MetricName"], objective["Type"], config, request, dict(static)
    )


def _own_config(config: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **config,
        "ParameterRanges": given.get("HyperParameterRanges", {}),
        "HyperParameterTuningJobObjective": given["TuningObjective"],
    }


def resource_config(resources: Mapping[str, Any]) -> dict[str, Any]:
    """A training job's ResourceConfig: with several instance configs the first, which `Prioritized` prefers."""
    chosen = {**resources, **(resources.get("InstanceConfigs") or [{}])[0]}
    return {name: value for name, value in chosen.items() if name not in ("InstanceConfigs", "AllocationStrategy")}
