"""Configs of tuning jobs for the strategies' tests, and a search that is played to its end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.strategies import Observation, Strategy, number_of_jobs, strategy_for

SEEDS = range(10)


def config(
    strategy: str = "Random", jobs: int = 9, kind: str = "Minimize", **ranges: list[dict[str, Any]]
) -> dict[str, Any]:
    limits = {} if strategy == "Grid" else {"MaxNumberOfTrainingJobs": jobs}
    return {
        "Strategy": strategy,
        "HyperParameterTuningJobObjective": {"Type": kind, "MetricName": "mse"},
        "ResourceLimits": {"MaxParallelTrainingJobs": 1, **limits},
        "ParameterRanges": {f"{kind}ParameterRanges": found for kind, found in ranges.items()},
    }


def bounds(low: Any, high: Any, scaling: str = "Linear", name: str = "x") -> dict[str, str]:
    return {"Name": name, "MinValue": str(low), "MaxValue": str(high), "ScalingType": scaling}


def choice(*values: str, name: str = "c") -> dict[str, Any]:
    return {"Name": name, "Values": list(values)}


def search(
    asked: dict[str, Any],
    seed: int,
    cost: Callable[[dict[str, str]], float] = lambda values: 0.0,
    parents: Sequence[Observation] = (),
    identical: bool = False,
) -> list[tuple[dict[str, str], float]]:
    """Every point that is asked for, one after the other, with its cost."""
    strategy, found = strategy_for(asked, seed, parents, identical), []
    for _ in range(number_of_jobs(asked)):
        suggestion = strategy.ask()
        strategy.tell(suggestion, cost(suggestion.values))
        found.append((suggestion.values, cost(suggestion.values)))
    return found


def points(asked: dict[str, Any], seed: int, number: int) -> list[float]:
    """The first values of `x`."""
    return [float(values["x"]) for values, _ in search(asked, seed)[:number]]


def in_flight(
    strategy: Strategy, jobs: int, parallel: int, cost: Callable[[Mapping[str, str]], float | None]
) -> list[dict[str, str]]:
    """The points of a search in which the job that began first ends first."""
    flying, asked = [], []
    while len(asked) < jobs:
        flying.append(strategy.ask())
        asked.append(flying[-1].values)
        if len(flying) == parallel:
            ended = flying.pop(0)
            strategy.tell(ended, cost(ended.values))
    return asked
