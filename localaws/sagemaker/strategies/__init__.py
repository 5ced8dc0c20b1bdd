"""Which hyperparameters next: Random, Grid and Bayesian search, and who proposes configurations to Hyperband."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from localaws.sagemaker.rules import ranges
from localaws.sagemaker.rules.limits import most_jobs
from localaws.sagemaker.strategies.chance import Chance
from localaws.sagemaker.strategies.grid import Grid
from localaws.sagemaker.strategies.sampled import Sampled
from localaws.sagemaker.strategies.space import Space, plain
from localaws.sagemaker.strategies.values import Observation, Strategy, Suggestion

__all__ = ["Observation", "Strategy", "Suggestion", "number_of_jobs", "plain", "strategy_for"]


def strategy_for(
    config: Mapping[str, Any], seed: int, parents: Sequence[Observation] = (), identical: bool = False
) -> Strategy:
    """The strategy that the tuning job's config names; the same seed and answers ask for the same points.

    `parents` are the training jobs of a warm start, `identical` says that it is IdenticalDataAndAlgorithm: then
    no point of theirs is asked for again. Hyperband's configurations are random, as it shares out resources by rank.
    """
    if config["Strategy"] == "Grid":
        return Grid(config)
    space = Space.of(config)
    known = [parent for parent in parents if space.holds(parent.values)]
    sign = -1.0 if config["HyperParameterTuningJobObjective"]["Type"] == "Maximize" else 1.0
    if config["Strategy"] != "Bayesian":
        return Sampled(space, seed, Chance(space), known if identical else [])
    from localaws.sagemaker.strategies.led import Led  # scikit-learn takes a second to import

    learnt = [parent for parent in known if parent.objective is not None]
    return Sampled(space, seed, Led(space, sign, learnt, identical), known if identical else [])


def number_of_jobs(config: Mapping[str, Any]) -> int:
    """How many training jobs there will be at most; of a grid search, one for each combination. Where the number is
    left out, another limit ends the search, and this is what SageMaker allows at all."""
    if config["Strategy"] == "Grid":
        return prod(len(found["Values"]) for _, found in ranges(config))
    asked = config["ResourceLimits"].get("MaxNumberOfTrainingJobs")
    return int(asked) if asked is not None else most_jobs(config["Strategy"], {})
