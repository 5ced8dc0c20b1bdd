"""The rules of a warm start: what a tuning job must have in common with its parents.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from local_sagemaker.sagemaker.jobs.defaults import filled_definition
from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.rules.search_space import CATEGORICAL, ranges

MAX_CHANGES = 10
STRATEGIES = ("Bayesian", "Random")
_MAY_CHANGE = (
    "AlgorithmSpecification", "InputDataConfig", "OutputDataConfig", "StaticHyperParameters", "RoleArn",
    "ResourceConfig", "StoppingCondition", "VpcConfig", "EnableManagedSpotTraining", "CheckpointConfig",
)  # fmt: skip
"""AWS's list, in this order, in the error for a change of another member of TrainingJobDefinition."""


class Parent(Protocol):
    """An existing tuning job."""

    @property
    def name(self) -> str: ...

    @property
    def request(self) -> dict[str, Any]: ...

    @property
    def status(self) -> str: ...


def check_warm_start(request: Mapping[str, Any], parents: Sequence[Parent]) -> None:
    """Raises: ServiceError: ValidationException."""
    config = request["HyperParameterTuningJobConfig"]
    if len({parent.name.lower() for parent in parents}) < len(parents):
        raise invalid("ParentHyperParameterTuningJobs must not have the same tuning job more than once.")
    if config["Strategy"] not in STRATEGIES:
        raise invalid(f"Warm start supports the strategies {' and '.join(STRATEGIES)}, not {config['Strategy']}.")
    for parent in parents:
        _check_parent(request, parent)


def _check_parent(request: Mapping[str, Any], parent: Parent) -> None:
    if parent.status not in ("Completed", "Stopped", "Failed"):
        text = f"The parent tuning job {parent.name} is {parent.status}"
        raise invalid(f"{text}: parents must be Completed, Stopped or Failed.")
    if "TrainingJobDefinition" not in parent.request:
        raise invalid(f"Warm start is available only for a single algorithm, and {parent.name} has several.")
    config, old = request["HyperParameterTuningJobConfig"], parent.request["HyperParameterTuningJobConfig"]
    if config["HyperParameterTuningJobObjective"] != old["HyperParameterTuningJobObjective"]:
        raise invalid(f"The objective metric must be the same as that of the parent tuning job {parent.name}.")
    before, now = _Space(parent.request), _Space(request)
    if before.names != now.names:
        text = "The set of tunable plus static HyperParameter names is not the same across current and parent tuning"
        words = "jobs. Please ensure this set is constant when warm starting. Note that previously static"
        raise invalid(f"{text} {words} HyperParameters can be tuned in warm start jobs and vice versa.")
    for name in before.kinds.keys() & now.kinds.keys():
        if before.kinds[name] != now.kinds[name]:
            raise invalid(f"The type of the hyperparameter {name} must be the same as in {parent.name}.")
    if (changes := _changes(before, now)) > MAX_CHANGES:
        text = f"There are {changes} changes of static hyperparameters relative to the parent tuning job {parent.name}"
        raise invalid(f"{text}, more than {MAX_CHANGES}.")
    _check_definition(request, parent)


class _Space:
    """A search's hyperparameters: the kinds and values of the searched ones, and the static ones."""

    def __init__(self, request: Mapping[str, Any]):
        searched = ranges(request["HyperParameterTuningJobConfig"])
        self.kinds = {found["Name"]: kind for kind, found in searched}
        self.values = {found["Name"]: found.get("Values", [""]) for _, found in searched}
        self.static = dict(request["TrainingJobDefinition"].get("StaticHyperParameters", {}))
        self.names = self.kinds.keys() | self.static.keys() - {"_tuning_objective_metric"}


def _changes(before: _Space, now: _Space) -> int:
    """Count the changes. A categorical hyperparameter that becomes static counts each of its values; a changed static
    value counts twice."""
    fixed = sum(
        len(values) if before.kinds[name] == CATEGORICAL else 1
        for name, values in before.values.items()
        if name in now.static
    )
    changed = sum(2 for name, value in before.static.items() if now.static.get(name, value) != value)
    return fixed + changed


def _check_definition(request: Mapping[str, Any], parent: Parent) -> None:
    """IdenticalDataAndAlgorithm requires the parents' channel data and their algorithm, in any version.

    AWS documents the requirement, but not whether it is checked; here it is."""
    now, before = (filled_definition(one["TrainingJobDefinition"]) for one in (request, parent.request))
    if any(now.get(name) != before.get(name) for name in {*now, *before} - {*_MAY_CHANGE, "DefinitionName"}):
        names = ", ".join(name[0].lower() + name[1:] for name in _MAY_CHANGE)
        raise invalid(f"Only the following fields in TrainingJobDefinition are allowed to change: [{names}].")
    if request["WarmStartConfig"]["WarmStartType"] != "IdenticalDataAndAlgorithm":
        return
    if _data(now) != _data(before) or _algorithm(now) != _algorithm(before):
        text = "IdenticalDataAndAlgorithm needs the input data and the algorithm of the parent tuning job"
        raise invalid(f"{text} {parent.name}. Use TransferLearning for others.")


def _data(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {channel["ChannelName"]: channel["DataSource"] for channel in definition.get("InputDataConfig", [])}


def _algorithm(definition: Mapping[str, Any]) -> str:
    """The image without its version."""
    image = str(definition["AlgorithmSpecification"].get("TrainingImage", "")).split("@", 1)[0]
    path, slash, repository = image.rpartition("/")
    return path + slash + repository.split(":", 1)[0]
