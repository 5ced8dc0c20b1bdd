"""Compare a whole training job with the classic sample's in the same run: time, memory, and error on unseen rows.

    .retune/venv/bin/python -m bench.training                 all cases; the largest takes some minutes
    .retune/venv/bin/python -m bench.training iris wide       only these

Ours validates the data and cross-validates in five folds; the classic one fits once. Needs data.table. Without the
compiled engine (R CMD SHLIB in container/src; `./retune test` compiles it), ours is earth.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.machine import this_machine
from cli.paths import CONTAINER, IRIS, ROOT


@dataclass(frozen=True)
class Case:
    """`active` of `columns` matter; 0 rows: iris."""

    rows: int
    columns: int = 0
    active: int = 0
    degree: int = 2
    runs: int = 1


CASES = {
    "iris": Case(0, degree=1, runs=5),
    "long": Case(1_000_000, 10, 5),
    "wide": Case(10_000, 100, 5),
    "40 matter": Case(10_000, 100, 40),
}


@dataclass(frozen=True)
class Run:
    """Wall-clock time and the peak memory of all processes together."""

    seconds: float
    peak_bytes: int


def measured(command: list[str | Path], **environment: str) -> Run:
    """Run the command to its end. Raises: RuntimeError: it failed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident_bytes(process.pid))
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    assert process.stdout
    if process.returncode != 0:
        raise RuntimeError(process.stdout.read().decode())
    return Run(seconds, peak)


def resident_bytes(session: int) -> int:
    """Sum the resident memory of the session's processes; a page that several share counts once, in parts."""
    total = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):  # it may just have ended
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                pss = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
                total += int(pss[1]) * 1024 if pss else 0
    return total


def compare(name: str, case: Case, folder: Path) -> None:
    train, test = data_of(case, folder)
    target, model = "y" if case.rows else "Sepal.Length", folder / "classic.rds"
    classic = ["Rscript", "--vanilla", ROOT / "bench/classic.R", train, target, str(case.degree), model]
    print(f"\n{name}")
    slow = median(measured(classic) for _ in range(case.runs))
    ml = a_job(folder, train, {"target": target, "degree": str(case.degree)})
    fast = median(measured([CONTAINER / "entrypoint", "train"], ML_ROOT=str(ml)) for _ in range(case.runs))
    errors = held_out_errors(test, target, model, ml / "model/model.rds")
    show("classic", slow, errors[0])
    show("ours", fast, errors[1], slow.seconds / fast.seconds)


def median(runs: Iterable[Run]) -> Run:
    """Return the median time and the peak memory."""
    done = list(runs)
    return Run(statistics.median(run.seconds for run in done), max(run.peak_bytes for run in done))


def held_out_errors(test: Path, target: str, classic: Path, ours: Path) -> list[float]:
    """Return the mean squared errors on the rows of `test`."""
    command = ["Rscript", "--vanilla", ROOT / "bench/held_out.R", test, target, classic, ours, CONTAINER]
    return [float(word) for word in subprocess.run(command, capture_output=True, check=True).stdout.split()]


def show(who: str, run: Run, error: float, times: float | None = None) -> None:
    faster = f"  {times:6.1f} times as fast" if times else ""
    print(
        f"  {who:<15}{run.seconds:9.2f} s{run.peak_bytes / 1e6:7.0f} MB   error on other rows {error:.5g}{faster}",
        flush=True,
    )


def data_of(case: Case, folder: Path) -> tuple[Path, Path]:
    """Return files to train and to test on; iris is its own test set, because there is no more of it."""
    if not case.rows:
        return IRIS, IRIS
    train, test = folder / "train.csv", folder / "test.csv"
    for path, rows, seed in ((train, case.rows, 1), (test, 100_000, 2)):
        size = [str(number) for number in (rows, case.columns, case.active, seed)]
        subprocess.run(["Rscript", "--vanilla", ROOT / "bench/data.R", path, *size], check=True)
    return train, test


def a_job(ml: Path, train: Path, hyperparameters: dict[str, str]) -> Path:
    (ml / "input/config").mkdir(parents=True)
    (ml / "input/data/train").mkdir(parents=True)
    (ml / "input/data/train/00001.csv").symlink_to(train)
    (ml / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))
    return ml


def main() -> None:
    names = sys.argv[1:] or list(CASES)
    print(this_machine())
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            compare(name, CASES[name], Path(folder))


if __name__ == "__main__":
    main()
