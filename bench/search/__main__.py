"""Compare the Bayesian search with three others: the best found after 9 and 30 training jobs, three in flight.

    .retune/venv/bin/python -m pip install --require-hashes -r locks/bench.txt      once, for Optuna
    .retune/venv/bin/python -m bench.search                     ours, Random and Optuna's default TPE: minutes
    .retune/venv/bin/python -m bench.search --settings          on the other half of the problems, for choosing settings

Optuna's Gaussian process needs torch and scipy, which nothing else here does; where they are installed, it takes part
too, for an hour or more. On Linux use torch's CPU build: the default one comes with gigabytes of CUDA.

    python3 -m venv gp && gp/bin/pip install -r locks/bench.txt && gp/bin/pip install torch==2.13.0 scipy
    gp/bin/python -m bench.search --results search.jsonl        an interrupted run resumes from this file

Where scikit-learn is installed, our search with its Gaussian process and trees in place of our own takes part as well:
`--only ours scikit-learn` compares the two.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.machine import this_machine
from bench.search import report
from bench.search.contenders import CONTENDERS
from bench.search.problems import Problem, halves

JOBS, PARALLEL = 30, 3
FRESH_SEEDS = 5000
"""The first seed of the report; settings are chosen with seeds from 0."""
LONG_JOBS = 200
INSTALL = ".retune/venv/bin/python -m pip install --require-hashes -r locks/bench.txt"


@dataclass(frozen=True)
class Run:
    """`costs` in the order in which training jobs ended, `asks_s` the wall-clock time of every ask."""

    contender: str
    problem: str
    seed: int
    costs: list[float]
    asks_s: list[float]


def search(contender: str, problem: Problem, seed: int, jobs: int = JOBS) -> Run:
    """Search with three training jobs in flight, which end in the order in which they began."""
    searcher = CONTENDERS[contender](config(problem, jobs), seed)
    costs: list[float] = []
    asks_s: list[float] = []
    flying = []
    while len(costs) < jobs:
        while len(flying) < min(PARALLEL, jobs - len(costs)):
            began = time.perf_counter()
            flying.append(searcher.ask())
            asks_s.append(time.perf_counter() - began)
        ended = flying.pop(0)
        costs.append(problem.cost(ended.values))
        searcher.tell(ended, costs[-1])
    return Run(contender, problem.name, seed, costs, asks_s)


def config(problem: Problem, jobs: int) -> dict[str, Any]:
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": PARALLEL},
        "ParameterRanges": problem.ranges,
    }


def run_all(names: list[str], problems: list[Problem], seeds: range, results: Path | None) -> list[Run]:
    """Run only what `results` does not have, and append each run to it as a line."""
    done = (
        [Run(**json.loads(line)) for line in results.read_text().splitlines()] if results and results.exists() else []
    )
    have = {(run.contender, run.problem, run.seed) for run in done}
    tasks = [(name, problem.name, seed) for seed in seeds for name in names for problem in problems]
    left = [task for task in tasks if task not in have]
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for run in pool.imap_unordered(_search, left):
            done.append(run)
            if results:
                with results.open("a") as file:
                    file.write(json.dumps(asdict(run)) + "\n")
    wanted = set(tasks)
    return [run for run in done if (run.contender, run.problem, run.seed) in wanted]


def _search(task: tuple[str, str, int]) -> Run:
    contender, name, seed = task
    return search(contender, _problems()[name], seed)


@cache
def _problems() -> dict[str, Problem]:
    return {problem.name: problem for half in halves() for problem in half}


def show_long_search(problem: Problem) -> None:
    """Print how long an ask takes after very many results."""
    asks_ms = [1000 * seconds for seconds in search("ours", problem, FRESH_SEEDS, LONG_JOBS).asks_s[-50:]]
    print(f"ours, the last 50 of {LONG_JOBS} asks on {problem.name}: median {statistics.median(asks_ms):.1f} ms, "
          f"worst {max(asks_ms):.1f} ms")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.search")
    parser.add_argument("--settings", action="store_true", help="use the half on which settings are chosen")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--results", type=Path, help="file to keep runs in, one per line")
    given = parser.parse_args()
    first = 0 if given.settings else FRESH_SEEDS
    problems = halves()[0 if given.settings else 1]
    if find_spec("optuna") is None and not {"ours", "Random"}.issuperset(given.only):
        parser.error(f"Optuna is missing: {INSTALL}")
    print(this_machine())
    if "GP" not in CONTENDERS:
        print("Skipped: Optuna's Gaussian process, without torch and scipy; see the top of bench/search/__main__.py.")
    runs = run_all(given.only, problems, range(first, first + given.seeds), given.results)
    report.show(runs, given.only)
    if "ours" in given.only:
        show_long_search(problems[-1])


if __name__ == "__main__":
    for library in ("OMP", "OPENBLAS", "MKL"):  # one thread per process; more would only compete
        os.environ[f"{library}_NUM_THREADS"] = "1"
    main()
