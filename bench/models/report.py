"""The tables of the models' bench: errors, ranks, ratios with bootstrap intervals, wins and losses, and the goals."""

import math
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bench.ranks import rank_among

RESAMPLES = 2000
CLEARLY = 1.05
"""From this ratio of errors on, a table counts as a loss."""
MOST_OF_BEFORE = 0.85
LOSSES_OF_25, LEVEL_OF_25 = 2, 22


class Run(Protocol):
    table: str
    seed: int
    contender: str
    error: float
    cpu_s: float


Errors = Mapping[str, Mapping[str, float]]
"""By table and contender, the mean over the splits."""


def show(runs: Sequence[Run], contenders: Sequence[str]) -> None:
    """Print all; what a contender was not run on is a dash, and no comparison with it counts that table."""
    errors = _means(runs, "error")
    seconds = _means(runs, "cpu_s")
    print(
        f"{len(errors)} tables, {len({run.seed for run in runs})} splits of each. Errors in variances of the target:\n"
    )
    print(f"{'table':<12}" + "".join(f"{name:>10}" for name in contenders))
    for table, found in sorted(errors.items()):
        print(f"{table:<12}" + "".join(_cell(found.get(name)) for name in contenders))
    best = statistics.fmean(
        math.log(found["ours"] / min(found[name] for name in contenders if name in found)) for found in errors.values()
    )
    print(f"\nours / the best of each table: {math.exp(best):.3f} (geometric mean)\n")
    print(f"{'':<12}{'mean rank':>10}{'ours / it':>11}{'95 % interval':>18}{'ours better':>13}{'worse by 5 %':>14}"
          f"{'CPU s':>9}")  # fmt: skip
    for name in contenders:
        cpu_s = statistics.fmean(found[name] for found in seconds.values() if name in found)
        _show_contender(name, errors, contenders, cpu_s)
    print()
    for line in _goals(runs, errors, contenders):
        print(line)


def _cell(error: float | None) -> str:
    return f"{'-':>10}" if error is None else f"{error:>10.4f}"


def _means(runs: Sequence[Run], of: str) -> dict[str, dict[str, float]]:
    grouped: dict[str, dict[str, list[float]]] = {}
    for run in runs:
        grouped.setdefault(run.table, {}).setdefault(run.contender, []).append(getattr(run, of))
    return {
        table: {name: statistics.fmean(values) for name, values in found.items()}
        for table, found in grouped.items()
        if "ours" in found
    }


def _ratios(errors: Errors, other: str) -> list[float]:
    """Logarithms of ours / other, by table."""
    return [math.log(found["ours"] / found[other]) for found in errors.values() if other in found]


def _mean_rank(name: str, errors: Errors, contenders: Sequence[str]) -> float:
    """Over the tables on which all contenders ran."""
    whole = [found for found in errors.values() if found.keys() >= set(contenders)]
    return statistics.fmean(rank_among(found[name], list(found.values())) for found in whole)


def _show_contender(name: str, errors: Errors, contenders: Sequence[str], cpu_s: float) -> None:
    line = f"{name:<12}{_mean_rank(name, errors, contenders):>10.2f}"
    if name == "ours":
        print(line + f"{cpu_s:>65.2f}")
        return
    logs = _ratios(errors, name)
    low, high = _interval(logs)
    better, worse = sum(log < 0 for log in logs), sum(log > math.log(CLEARLY) for log in logs)
    print(
        line
        + f"{math.exp(statistics.fmean(logs)):>11.3f}{f'{low:.3f} to {high:.3f}':>18}"
        + f"{better:>13}{worse:>14}{cpu_s:>9.2f}"
    )


def _interval(logs: Sequence[float]) -> tuple[float, float]:
    """A bootstrap interval of the geometric mean, over tables."""
    chance = random.Random(1)
    cuts = statistics.quantiles((statistics.fmean(chance.choices(logs, k=len(logs))) for _ in range(RESAMPLES)), n=40)
    return math.exp(cuts[0]), math.exp(cuts[-1])


def _goals(runs: Sequence[Run], errors: Errors, contenders: Sequence[str]) -> Iterator[str]:
    ranks = {name: _mean_rank(name, errors, contenders) for name in contenders}
    first = min(ranks, key=ranks.__getitem__)
    yield _goal(f"the best mean rank: {first}", first == "ours")
    if "before" in contenders:
        logs = _ratios(errors, "before")
        ratio, high = math.exp(statistics.fmean(logs)), _interval(logs)[1]
        yield _goal(f"at most {MOST_OF_BEFORE} of the error before: {ratio:.3f}", ratio <= MOST_OF_BEFORE and high < 1)
    if "mean" in contenders:
        below = [table for table, found in errors.items() if found["ours"] > found["mean"]]
        yield _goal(f"on no table worse than the mean: {', '.join(below) or 'none'}", not below)
    if {"mda", "earth"} <= set(contenders):
        most = len(errors) * LOSSES_OF_25 // 25
        lost = [t for t, found in errors.items() if found["ours"] > CLEARLY * min(found["mda"], found["earth"])]
        text = f"on at most {most} tables more than 5 % worse than the better of mda's and earth's defaults: "
        yield _goal(text + (", ".join(lost) or "none"), len(lost) <= most)
    if "classic" in contenders:
        level = _level_with(runs, "classic")
        least = math.ceil(len(level) * LEVEL_OF_25 / 25)
        worse = [table for table, held in level.items() if not held]
        text = (
            f"better than the classic sample's tuning, or within one standard error of it, on {least} of {len(level)}"
        )
        yield _goal(
            f"{text}: on {len(level) - len(worse)}; not on {', '.join(worse) or 'none'}", sum(level.values()) >= least
        )


def _goal(text: str, met: bool) -> str:
    return f"{'met   ' if met else 'MISSED'}  {text}"


def _level_with(runs: Sequence[Run], other: str) -> dict[str, bool]:
    """By table, whether ours is at most one standard error worse; of the differences by split, which pair up."""
    by_split: dict[str, dict[int, dict[str, float]]] = {}
    for run in runs:
        by_split.setdefault(run.table, {}).setdefault(run.seed, {})[run.contender] = run.error
    level = {}
    for table, splits in by_split.items():
        worse = [found["ours"] - found[other] for found in splits.values() if {"ours", other} <= found.keys()]
        if worse:
            error = statistics.stdev(worse) / math.sqrt(len(worse)) if len(worse) > 1 else 0.0
            level[table] = statistics.fmean(worse) <= error
    return level
