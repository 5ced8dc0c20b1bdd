"""The tables of bench/models.py: ranks, ratios with bootstrap intervals, wins and losses."""

import math
import random
import statistics
from collections.abc import Mapping, Sequence
from typing import Protocol

RESAMPLES = 2000
CLEARLY = 1.05
"""From this ratio of errors on, a table counts as a loss."""


class Run(Protocol):
    table: str
    seed: int
    contender: str
    error: float
    cpu_s: float


Errors = Mapping[str, Mapping[str, float]]
"""By table and contender, the mean over the splits."""


def show(runs: Sequence[Run], contenders: Sequence[str]) -> None:
    errors = _means(runs, "error")
    seconds = _means(runs, "cpu_s")
    print(f"{len(errors)} tables, {len({run.seed for run in runs})} splits of each\n")
    print(f"{'table':<12}" + "".join(f"{name:>10}" for name in contenders))
    for table, found in sorted(errors.items()):
        print(f"{table:<12}" + "".join(f"{found[name]:>10.4f}" for name in contenders))
    print(f"\n{'':<12}{'mean rank':>10}{'ours / it':>11}{'95 % interval':>18}{'ours better':>13}{'worse by 5 %':>14}"
          f"{'CPU s':>9}")  # fmt: skip
    for name in contenders:
        _show_contender(name, errors, contenders, statistics.fmean(found[name] for found in seconds.values()))
    if {"ours", "mda", "earth"} <= set(contenders):
        lost = [t for t, found in errors.items() if found["ours"] > CLEARLY * min(found["mda"], found["earth"])]
        print(f"\nMore than 5 % worse than the better of mda's and earth's defaults: {', '.join(lost) or 'none'}")
    if {"ours", "mean"} <= set(contenders):
        below = [table for table, found in errors.items() if found["ours"] > found["mean"]]
        print(f"Worse than the mean: {', '.join(below) or 'none'}")


def _means(runs: Sequence[Run], of: str) -> dict[str, dict[str, float]]:
    grouped: dict[str, dict[str, list[float]]] = {}
    for run in runs:
        grouped.setdefault(run.table, {}).setdefault(run.contender, []).append(getattr(run, of))
    return {
        table: {name: statistics.fmean(values) for name, values in found.items()} for table, found in grouped.items()
    }


def _show_contender(name: str, errors: Errors, contenders: Sequence[str], cpu_s: float) -> None:
    rank = statistics.fmean(_rank(found[name], [found[other] for other in contenders]) for found in errors.values())
    line = f"{name:<12}{rank:>10.2f}"
    if name == "ours" or "ours" not in contenders:
        print(line + f"{cpu_s:>65.2f}")
        return
    logs = [math.log(found["ours"] / found[name]) for found in errors.values()]
    low, high = _interval(logs)
    better, worse = sum(log < 0 for log in logs), sum(log > math.log(CLEARLY) for log in logs)
    print(
        line
        + f"{math.exp(statistics.fmean(logs)):>11.3f}{f'{low:.3f} to {high:.3f}':>18}"
        + f"{better:>13}{worse:>14}{cpu_s:>9.2f}"
    )


def _rank(error: float, errors: Sequence[float]) -> float:
    return sum(other < error for other in errors) + (sum(other == error for other in errors) + 1) / 2


def _interval(logs: Sequence[float]) -> tuple[float, float]:
    """A bootstrap interval of the geometric mean, over tables."""
    chance = random.Random(1)
    cuts = statistics.quantiles((statistics.fmean(chance.choices(logs, k=len(logs))) for _ in range(RESAMPLES)), n=40)
    return math.exp(cuts[0]), math.exp(cuts[-1])
