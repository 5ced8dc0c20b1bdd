"""Search strategies, which propose the next hyperparameters: Random, Grid and Bayesian, and Random for Hyperband."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from local_sagemaker.sagemaker.rules import ranges
from local_sagemaker.sagemaker.rules.limits import most_jobs
from local_sagemaker.sagemaker.strategies.grid import GridStrategy
from local_sagemaker.sagemaker.strategies.random_search import RandomProposer
from local_sagemaker.sagemaker.strategies.sampled import SampledStrategy
from local_sagemaker.sagemaker.strategies.space import Space, plain
from local_sagemaker.sagemaker.strategies.values import Observation, Strategy, Suggestion

__all__ = ["Observation", "Strategy", "Suggestion", "number_of_jobs", "plain", "strategy_for"]


def strategy_for(
    config: Mapping[str, Any],
    seed: int,
    parents: Sequence[Observation] = (),
    identical: bool = False,
    **model: Any,
) -> Strategy:
    """Create the strategy of the tuning job's config; with the same seed and results it proposes the same points.

    `parents` are the training jobs of a warm start; `identical` means IdenticalDataAndAlgorithm, for which no point of
    theirs is proposed again. Hyperband's configurations are random, since it allocates resources by rank.
    `model` replaces parts of the Bayesian search, for benchmarks.
    """
    if config["Strategy"] == "Grid":
        return GridStrategy(config)
    space = Space.of(config)
    known = [parent for parent in parents if space.holds(parent.values)]
    sign = -1.0 if config["HyperParameterTuningJobObjective"]["Type"] == "Maximize" else 1.0
    if config["Strategy"] != "Bayesian":
        return SampledStrategy(space, seed, RandomProposer(space), known if identical else [])
    from local_sagemaker.sagemaker.strategies.bayesian import (
        BayesianProposer,  # numpy takes a tenth of a second to import
    )

    learnt = [parent for parent in known if parent.objective is not None]
    return SampledStrategy(
        space, seed, BayesianProposer(space, sign, learnt, identical, **model), known if identical else []
    )


def number_of_jobs(config: Mapping[str, Any]) -> int:
    """The maximum number of training jobs; for a grid search, one for each combination. If the request has no number,
    another limit ends the search, and this is SageMaker's own maximum."""
    if config["Strategy"] == "Grid":
        return prod(len(found["Values"]) for _, found in ranges(config))
    asked = config["ResourceLimits"].get("MaxNumberOfTrainingJobs")
    return int(asked) if asked is not None else most_jobs(config["Strategy"], {})
