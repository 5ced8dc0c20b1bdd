"""The contenders of the search's bench: ours, and Optuna's default samplers, on the same ranges and scales."""

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

from local_sagemaker.sagemaker.strategies import Suggestion, strategy_for
from local_sagemaker.sagemaker.strategies.space import Choice, Dimension, Space


class Searcher(Protocol):
    def ask(self) -> Suggestion: ...

    def tell(self, suggestion: Suggestion, objective: float | None) -> None: ...


class Optuna:
    """Ask and tell with a sampler, which sees points in flight as running trials."""

    def __init__(self, config: dict[str, Any], sampler: Any):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore")
        self._distributions = {found.name: _distribution(found) for found in Space.of(config).dimensions}
        self._study = optuna.create_study(sampler=sampler)
        self._trials: dict[int, Any] = {}

    def ask(self) -> Suggestion:
        trial = self._study.ask(self._distributions)
        self._trials[trial.number] = trial
        return Suggestion(trial.number, {name: str(value) for name, value in trial.params.items()})

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        self._study.tell(self._trials.pop(suggestion.number), objective)


def _distribution(found: Dimension) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(found, Choice):
        return CategoricalDistribution(found.values)
    kind = IntDistribution if found.is_whole else FloatDistribution
    return kind(found.low, found.high, log=found.scaling == "Logarithmic")


def _by(sampler: str) -> Callable[[dict[str, Any], int], Searcher]:
    def searcher(config: dict[str, Any], seed: int) -> Searcher:
        import optuna

        return Optuna(config, getattr(optuna.samplers, sampler)(seed=seed))

    return searcher


def _with_scikit_learn(config: dict[str, Any], seed: int) -> Searcher:
    from bench.search.scikit import searcher

    return searcher(config, seed)


CONTENDERS: dict[str, Callable[[dict[str, Any], int], Searcher]] = {
    "ours": strategy_for,
    "Random": lambda config, seed: strategy_for({**config, "Strategy": "Random"}, seed),
    "TPE": _by("TPESampler"),
    **({"GP": _by("GPSampler")} if find_spec("torch") and find_spec("scipy") else {}),
    **({"scikit-learn": _with_scikit_learn} if find_spec("sklearn") else {}),
}
