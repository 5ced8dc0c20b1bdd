"""Compare the models that Retune makes with others, by their errors on rows that none has seen.

    .retune/venv/bin/python -m bench.models --quick                       some three minutes on two cores
    .retune/venv/bin/python -m bench.models --results models.jsonl        an interrupted run resumes from this file
    .retune/venv/bin/python -m bench.models --before ../v0.1.0/container  with an earlier release's container as well

36 tables that Debian's R packages ship (TABLES below installs them), each split several times into 70 and 30 %. The
contenders: the target's mean; least squares (line); mda and earth with their defaults; the classic sample's tuning, by
the training set's sum of squares; and ours. The two that tune get nine training jobs, three at a time, from the same
search. Errors are in variances of the target among the unseen rows. On ames and nox, whose factors make some
300 columns, the classic's tuning is left out: it would take hours. A quick run leaves it out where it takes minutes.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.machine import this_machine
from bench.models import report
from chalicelib.algorithm import SEARCHES
from cli.paths import CONTAINER
from local_sagemaker.sagemaker.strategies import strategy_for

TABLES = (
    "apt-get install --no-install-recommends r-cran-aer r-cran-cardata r-cran-caret r-cran-earth r-cran-ggplot2 "
    "r-cran-jsonlite r-cran-mass r-cran-mda r-cran-mlbench r-cran-modeldata r-cran-quantreg r-cran-robustbase"
)
JOBS, PARALLEL, SPLITS, QUICK_SPLITS = 9, 3, 5, 1
FIXED = ("mean", "line", "mda", "earth")
TUNED = ("classic", "ours")
TOO_SLOW = {"ames", "nox"}
SLOW = {"attrition", "blood_brain", "cells", "chicago", "guns", "meats", "sacramento"}
"""Tables on which the classic's tuning takes hours, and those on which it takes minutes; a quick run does without."""


@dataclass(frozen=True)
class Run:
    """`error` in variances of the target among the unseen rows; `cpu_s` of all fits together."""

    table: str
    seed: int
    contender: str
    error: float
    cpu_s: float


class Fitter:
    """`fits.R` in a process of its own."""

    def __init__(self, container: Path) -> None:
        self._process = subprocess.Popen(
            ["Rscript", "--vanilla", Path(__file__).with_name("fits.R"), container],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question: Any) -> Any:
        """Raises: RuntimeError: R failed."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"failed": "Rscript has ended"}
        if "failed" in answer:
            raise RuntimeError(f"{question}: {answer['failed']}")
        return answer

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def tuned(fitter: Fitter, table: str, seed: int, contender: str, ranges: dict[str, Any]) -> tuple[float, float]:
    """The error of the training job with the best objective, and the seconds of all."""
    searcher = strategy_for(config(ranges), seed)
    done, waiting = [], []
    while len(done) < JOBS:
        while len(waiting) < min(PARALLEL, JOBS - len(done)):
            waiting.append(searcher.ask())
        job = waiting.pop(0)
        found = fitter.ask(table=table, seed=seed, contender=contender, given=job.values)
        searcher.tell(job, found["objective"])
        done.append(found)
    best = min(done, key=lambda found: found["objective"])
    return best["error"], sum(found["seconds"] for found in done)


def config(ranges: dict[str, Any]) -> dict[str, Any]:
    """The tuning job's config, of ranges as a tuning spec has them."""
    kinds: dict[str, list[dict[str, Any]]] = {"integer": [], "continuous": [], "categorical": []}
    for name, bounds in ranges.items():
        if bounds["type"] == "categorical":
            kinds["categorical"].append({"Name": name, "Values": bounds["values"]})
        else:
            low, high, scaling = str(bounds["min"]), str(bounds["max"]), bounds.get("scaling", "Auto")
            kinds[bounds["type"]].append({"Name": name, "MinValue": low, "MaxValue": high, "ScalingType": scaling})
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": JOBS, "MaxParallelTrainingJobs": PARALLEL},
        "ParameterRanges": {f"{kind.capitalize()}ParameterRanges": found for kind, found in kinds.items() if found},
    }


def run_all(
    tasks: Iterable[tuple[str, int, str]], containers: dict[str, Path], searched: dict[str, Any], results: Path | None
) -> list[Run]:
    """Run what `results` does not have, and append each run to it as a line, as soon as it is done."""
    done = [Run(**json.loads(line)) for line in _lines(results)]
    have = {(run.table, run.seed, run.contender) for run in done}
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        left = [pool.submit(_run, task, containers, searched) for task in tasks if task not in have]
        try:
            for ended in as_completed(left):
                done.append(ended.result())
                print(f"\r{len(done)} of {len(have) + len(left)} runs", end="", file=sys.stderr, flush=True)
                if results:
                    with results.open("a") as file:
                        file.write(json.dumps(asdict(done[-1])) + "\n")
        finally:
            pool.shutdown(cancel_futures=True)
    print(file=sys.stderr)
    return done


def _lines(results: Path | None) -> list[str]:
    return results.read_text().splitlines() if results and results.exists() else []


def _run(task: tuple[str, int, str], containers: dict[str, Path], searched: dict[str, Any]) -> Run:
    table, seed, contender = task
    fitter = Fitter(containers.get(contender, CONTAINER))
    try:
        if contender in FIXED:
            found = fitter.ask(table=table, seed=seed, contender=contender, given={})
            return Run(*task, found["error"], found["seconds"])
        ranges = searched if contender == "ours" else SEARCHES["classic"]
        return Run(*task, *tuned(fitter, table, seed, contender, ranges))
    finally:
        fitter.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        "bench.models", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SPLITS} split instead of {SPLITS}")
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="the container of an earlier release")
    parser.add_argument(
        "--search", type=json.loads, default=SEARCHES["default"], metavar="JSON", help="ranges for ours"
    )
    parser.add_argument("--only", nargs="+", choices=[*FIXED, *TUNED], default=[*FIXED, *TUNED])
    parser.add_argument("--results", type=Path, help="file to keep runs in, one per line")
    given = parser.parse_args()
    contenders = [*given.only, *(["before"] if given.before else [])]
    containers = {"before": given.before.absolute()} if given.before else {}
    fitter = Fitter(CONTAINER)
    try:
        tables = fitter.ask(tables=True)
    finally:
        fitter.close()
    print(this_machine())
    seeds = range(1, 1 + (QUICK_SPLITS if given.quick else SPLITS))
    without = TOO_SLOW | SLOW if given.quick else TOO_SLOW
    tasks = [
        (table, seed, name)
        for seed in seeds
        for table in tables
        for name in contenders
        if name != "classic" or table not in without
    ]
    report.show(run_all(tasks, containers, given.search, given.results), contenders)


if __name__ == "__main__":
    main()
