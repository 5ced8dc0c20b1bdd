"""Ranks, their differences with bootstrap intervals, and the losses of the search's bench."""

import random
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bench.ranks import rank_among

BUDGETS = (9, 30)
RESAMPLES = 2000


class Run(Protocol):
    contender: str
    problem: str
    seed: int
    costs: list[float]
    asks_s: list[float]


Ranks = dict[str, list[dict[str, float]]]
"""By problem, for each seed: the rank of each contender's best, 1 for the lowest cost; ties share a rank."""


def show(runs: Sequence[Run], names: Sequence[str]) -> None:
    problems, seeds = sorted({run.problem for run in runs}), {run.seed for run in runs}
    print(f"{len(problems)} problems, {len(seeds)} seeds from {min(seeds)} on\n")
    best = {budget: _best(runs, budget) for budget in BUDGETS}
    for budget in BUDGETS:
        ranks = {name: [_ranked(best[budget][name, seed], names) for seed in sorted(seeds)] for name in problems}
        _show_ranks(budget, ranks, names)
        if "ours" in names:
            _show_losses(ranks, best[budget], names)
    for name in names:
        asks_ms = [1000 * seconds for run in runs if run.contender == name for seconds in run.asks_s]
        middle, rare = statistics.median(asks_ms), statistics.quantiles(asks_ms, n=100)[-1]
        print(
            f"{name}: an ask takes {middle:.1f} ms in the median, {rare:.1f} in 99 of 100, {max(asks_ms):.1f} at worst"
        )


def _best(runs: Iterable[Run], budget: int) -> dict[tuple[str, int], dict[str, float]]:
    found: dict[tuple[str, int], dict[str, float]] = {}
    for run in runs:
        found.setdefault((run.problem, run.seed), {})[run.contender] = min(run.costs[:budget])
    return found


def _ranked(costs: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    values = [costs[name] for name in names]
    return {name: rank_among(costs[name], values) for name in names}


def _show_ranks(budget: int, ranks: Ranks, names: Sequence[str]) -> None:
    print(f"After {budget} training jobs: the average rank, and how much lower ours is (95 % bootstrap interval)")
    for name in names:
        average = _average_rank(ranks, name)
        print(f"  {name:<8}{average:6.3f}", end="" if name != "ours" and "ours" in names else "\n")
        if name != "ours" and "ours" in names:
            low, high = _interval(ranks, name)
            print(f"   {average - _average_rank(ranks, 'ours'):+.3f} ({low:+.3f} to {high:+.3f})")


def _average_rank(ranks: Ranks, name: str) -> float:
    return statistics.fmean(statistics.fmean(rank[name] for rank in found) for found in ranks.values())


def _interval(ranks: Ranks, name: str) -> tuple[float, float]:
    """Return a bootstrap interval that resamples problems, and the seeds within each."""
    chance = random.Random(1)
    gains = {problem: [rank[name] - rank["ours"] for rank in found] for problem, found in ranks.items()}
    problems = list(gains)

    def drawn() -> float:
        return statistics.fmean(
            statistics.fmean(chance.choices(gains[problem], k=len(gains[problem])))
            for problem in chance.choices(problems, k=len(problems))
        )

    cuts = statistics.quantiles((drawn() for _ in range(RESAMPLES)), n=40)
    return cuts[0], cuts[-1]


def _show_losses(ranks: Ranks, best: Mapping[tuple[str, int], Mapping[str, float]], names: Sequence[str]) -> None:
    """Print the problems on which ours has the worse average rank."""
    for name in names:
        lost = [
            f"{problem} ({_mean(found, 'ours'):.2f} > {_mean(found, name):.2f}; "
            f"median best {_median(best, problem, 'ours'):.5g}, {name}'s {_median(best, problem, name):.5g})"
            for problem, found in ranks.items()
            if _mean(found, name) < _mean(found, "ours")
        ]
        if name != "ours":
            print(f"  lost to {name} on {len(lost)} of {len(ranks)}: {'; '.join(lost) or 'none'}")
    print()


def _mean(found: Sequence[Mapping[str, float]], name: str) -> float:
    return statistics.fmean(rank[name] for rank in found)


def _median(best: Mapping[tuple[str, int], Mapping[str, float]], problem: str, name: str) -> float:
    return statistics.median(costs[name] for (of, _), costs in best.items() if of == problem)
