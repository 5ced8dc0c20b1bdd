"""Which hyperparameters next: Random, Grid and Bayesian search, by Optuna where chance or a model is needed.

Optuna's TPE draws its first ten trials at random by default, which for nine training jobs is all of them: here the
first third is spread over the space (a Latin hypercube), and the model leads from then on.
"""

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from localaws.sagemaker.rules import KINDS, ranges

INTEGER, CONTINUOUS, CATEGORICAL = KINDS
LOG_FROM_RATIO = 100
"""`Auto` scaling searches logarithmically from this ratio of ends on. AWS does not say how it chooses."""
_REASKS = 20


@dataclass(frozen=True)
class Suggestion:
    """One point of the space; values are strings, as containers get them."""

    number: int
    values: dict[str, str]


class Strategy(Protocol):
    """Asked from one thread for points, told how they did."""

    def ask(self) -> Suggestion: ...

    def resume(self, values: Mapping[str, str]) -> Suggestion:
        """A point that an earlier process has asked for, as if this one had: it is told how that did, and asks for
        another."""

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        """`objective` is None for a training job that failed or printed none."""


def strategy_for(config: Mapping[str, Any], seed: int) -> Strategy:
    """The strategy that the tuning job's config names; the same seed asks for the same points."""
    if config["Strategy"] == "Grid":
        return Grid(config)
    return Sampled(config, seed, is_random=config["Strategy"] == "Random")


def number_of_jobs(config: Mapping[str, Any]) -> int:
    """How many training jobs there will be at most; of a grid search, one for each combination."""
    if config["Strategy"] == "Grid":
        return len(list(itertools.product(*(found["Values"] for _, found in ranges(config)))))
    return int(config["ResourceLimits"]["MaxNumberOfTrainingJobs"])


class Grid:
    """Every combination once, in the order in which the values are given."""

    def __init__(self, config: Mapping[str, Any]):
        names = [found["Name"] for _, found in ranges(config)]
        values = itertools.product(*(found["Values"] for _, found in ranges(config)))
        self._points = list(enumerate(dict(zip(names, point, strict=True)) for point in values))

    def ask(self) -> Suggestion:
        number, values = self._points.pop(0)
        return Suggestion(number, values)

    def resume(self, values: Mapping[str, str]) -> Suggestion:
        found = next(point for point in self._points if point[1] == values)
        self._points.remove(found)
        return Suggestion(*found)

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        """A grid learns nothing."""


class Sampled:
    """Random search or TPE. A point that was asked before is asked anew where the space has others."""

    def __init__(self, config: Mapping[str, Any], seed: int, is_random: bool):
        import optuna  # only a tuning job needs it, and it takes a third of a second

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._ranges = ranges(config)
        start_up = max(3, number_of_jobs(config) // 3)
        sampler: Any = (
            optuna.samplers.RandomSampler(seed=seed)
            if is_random
            else optuna.samplers.TPESampler(
                seed=seed, n_startup_trials=min(start_up, 10), multivariate=True, n_ei_candidates=64
            )
        )
        minimize = config["HyperParameterTuningJobObjective"]["Type"] == "Minimize"
        self._study = optuna.create_study(sampler=sampler, direction="minimize" if minimize else "maximize")
        self._failed = optuna.trial.TrialState.FAIL
        self._trials: dict[int, Any] = {}
        self._seen: set[tuple[str, ...]] = set()
        self._spread = [] if is_random else _latin_hypercube(len(self._ranges), min(start_up, 10), seed)

    def ask(self) -> Suggestion:
        for left in reversed(range(_REASKS)):
            trial = self._next_trial()
            values = {found["Name"]: _value(trial, kind, found) for kind, found in self._ranges}
            point = tuple(values.values())
            if point not in self._seen or not left:
                break
            self._study.tell(trial, state=self._failed)
        self._seen.add(point)
        self._trials[trial.number] = trial
        return Suggestion(trial.number, values)

    def resume(self, values: Mapping[str, str]) -> Suggestion:
        self._spread = self._spread[1:]
        self._study.enqueue_trial({found["Name"]: _drawn(kind, found, values) for kind, found in self._ranges})
        trial = self._study.ask()
        for kind, found in self._ranges:
            _value(trial, kind, found)
        self._seen.add(tuple(values[found["Name"]] for _, found in self._ranges))
        self._trials[trial.number] = trial
        return Suggestion(trial.number, dict(values))

    def tell(self, suggestion: Suggestion, objective: float | None) -> None:
        trial = self._trials.pop(suggestion.number)
        if objective is None:
            self._study.tell(trial, state=self._failed)
        else:
            self._study.tell(trial, objective)

    def _next_trial(self) -> Any:
        if self._spread:
            shares = self._spread.pop(0)
            pairs = zip(self._ranges, shares, strict=True)
            self._study.enqueue_trial({found["Name"]: _at(kind, found, share) for (kind, found), share in pairs})
        return self._study.ask()


def _latin_hypercube(dimensions: int, points: int, seed: int) -> list[tuple[float, ...]]:
    """`points` points in the unit cube: each has a stratum of each dimension to itself."""
    chance = random.Random(seed)
    columns = []
    for _ in range(dimensions):
        strata = [(number + chance.random()) / points for number in range(points)]
        chance.shuffle(strata)
        columns.append(strata)
    return list(zip(*columns, strict=True))


def _at(kind: str, found: Mapping[str, Any], share: float) -> Any:
    """The point of a range at `share` (0 to 1) of its way on its own scale, in Optuna's terms."""
    if kind == CATEGORICAL:
        return found["Values"][min(int(share * len(found["Values"])), len(found["Values"]) - 1)]
    low, high, is_log = _ends(kind, found)
    if kind == INTEGER:  # a whole number reaches half a unit to either side, as in Optuna
        return _within(low, round(_between(low - 0.5, high + 0.5, is_log, share)), high)
    return _within(low, _between(low, high, is_log, share), high)


def _value(trial: Any, kind: str, found: Mapping[str, Any]) -> str:
    name = found["Name"]
    if kind == CATEGORICAL:
        return str(trial.suggest_categorical(name, found["Values"]))
    low, high, is_log = _ends(kind, found)
    if kind == INTEGER:
        return str(_within(low, trial.suggest_int(name, low, high, log=is_log), high))
    drawn = trial.suggest_float(name, low, high, log=is_log)
    value = 1 - drawn if _is_reversed(found) else drawn
    return plain(_within(float(found["MinValue"]), value, float(found["MaxValue"])))


def _drawn(kind: str, found: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    """A value as it was drawn: what `_value` makes a container's string of."""
    text = values[found["Name"]]
    if kind == CATEGORICAL:
        return text
    low, high, _ = _ends(kind, found)
    value = int(text) if kind == INTEGER else 1 - float(text) if _is_reversed(found) else float(text)
    return _within(low, value, high)


def _ends(kind: str, found: Mapping[str, Any]) -> tuple[Any, Any, bool]:
    """The ends to draw between, and whether on a logarithmic scale; reversed ranges are drawn as 1 - x."""
    number = int if kind == INTEGER else float
    low, high = number(found["MinValue"]), number(found["MaxValue"])
    if _is_reversed(found):
        return 1 - high, 1 - low, True
    scaling = found.get("ScalingType", "Auto")
    is_wide = scaling == "Auto" and low > 0 and high / low >= LOG_FROM_RATIO
    return low, high, scaling == "Logarithmic" or is_wide


def _between(low: float, high: float, is_log: bool, share: float) -> float:
    return float(low * (high / low) ** share) if is_log else low + share * (high - low)


def _within(low: Any, value: Any, high: Any) -> Any:
    """What rounding has carried past an end is put back on it."""
    return min(max(low, value), high)


def _is_reversed(found: Mapping[str, Any]) -> bool:
    return found.get("ScalingType") == "ReverseLogarithmic"


def plain(number: float) -> str:
    """In plain decimal notation, every digit kept."""
    return format(Decimal(repr(number)), "f")
