"""The container as a process under SageMaker's contract, and the same arithmetic in plain R to compare it with."""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[3]
ENTRYPOINT = ROOT / "container" / "entrypoint"
IRIS = (ROOT / "examples" / "iris.csv").read_text()
HEADER, *ROWS = IRIS.splitlines()
TARGET = {"target": "Sepal.Length"}
DEADLINE_S = 20


def a_csv(header: str, rows: list[str]) -> str:
    return "\n".join((header, *rows)) + "\n"


@dataclass(frozen=True)
class Ml:
    """What SageMaker mounts as /opt/ml."""

    root: Path
    entrypoint: Path = ENTRYPOINT

    @classmethod
    def of(cls, root: Path, hyperparameters: Mapping[str, str], **channels: Mapping[str, str]) -> Self:
        """With these hyperparameters and, for each channel, these files."""
        for channel, files in channels.items():
            for name, text in files.items():
                path = root / "input" / "data" / channel / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        config = root / "input" / "config"
        config.mkdir(parents=True)
        (config / "hyperparameters.json").write_text(json.dumps(dict(hyperparameters)))
        return cls(root)

    @contextmanager
    def running(self, verb: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The container's process, in a process group of its own, of which nothing is left at the end."""
        process = subprocess.Popen(
            [self.entrypoint, verb],
            env={**os.environ, "ML_ROOT": str(self.root), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()

    def train(self) -> "Trained":
        with self.running("train") as process:
            log, _ = process.communicate(timeout=DEADLINE_S)
        return Trained(process.returncode, log)

    @property
    def metrics(self) -> dict[str, Any]:
        return dict(json.loads((self.root / "model" / "metrics.json").read_text()))

    @property
    def failure(self) -> str:
        return (self.root / "output" / "failure").read_text()


def long_training(root: Path) -> Ml:
    """Takes far longer than any test waits for it."""
    noise = random.Random(1)
    names = ",".join(f"x{number}" for number in range(20))
    rows = [",".join(f"{noise.random():.6f}" for _ in range(20)) for _ in range(20_000)]
    settings = {"target": "x0", "degree": "3", "folds": "20", "nk": "1000", "thresh": "1e-9"}
    return Ml.of(root, settings, train={"big.csv": a_csv(names, rows)})


@dataclass(frozen=True)
class Trained:
    """How `train` ended, and all that it printed."""

    code: int
    log: str

    @property
    def objective_lines(self) -> list[str]:
        """Every line from which the classic regex would read an objective."""
        return [line for line in self.log.splitlines() if re.search(r"mse: ", line)]


# The container's own folds and order of rows, of the features as it reads them, and the average of fits to all folds
# but one, without columns that are constant there. Packages predict with their own predict(); of our own engine, the
# terms are evaluated in plain R.
AVERAGED = """
container <- new.env()
for (file in list.files("{root}/container/R", recursive = TRUE, full.names = TRUE)) sys.source(file, container)
keys_of <- function(features) {{
  container$row_keys(lapply(features, function(values) {{
    if (is.factor(values)) as.character(values) else as.numeric(values)
  }}))
}}
folds_of <- function(features, folds) container$assign_folds(keys_of(features), folds)
in_own_order <- function(frame, target) {{
  frame[order(keys_of(frame[names(frame) != target]), frame[[target]]), ]
}}
by_mda <- function(x, y, new, ...) predict(mars(x, y, ...), new)
by_earth <- function(x, y, new, ...) drop(predict(earth::earth(x, y, ...), new))
by_compiled <- function(x, y, new, degree) {{
  container$load_algorithm("{root}/container")
  asked <- list(target = "y", engine = "compiled", degree = as.character(degree))
  fit <- container$fit_model(x, y, container$as_hyperparameters(asked))
  drop(container$plain_terms_of(fit$hinges, new) %*% fit$coefficients)
}}
averaged <- function(x, y, features, folds = 5, new = x, fitted_by = by_mda, ...) {{
  place <- order(keys_of(features), y)
  fold <- folds_of(features, folds)[place]
  force(new)
  x <- x[place, , drop = FALSE]
  y <- y[place]
  each <- lapply(seq_len(folds), function(k) {{
    varies <- apply(x[fold != k, , drop = FALSE], 2, function(values) length(unique(values)) > 1)
    fitted_by(x[fold != k, varies, drop = FALSE], y[fold != k], new[, varies, drop = FALSE], ...)
  }})
  Reduce(`+`, each) / folds
}}
"""


def in_plain_r(code: str) -> list[float]:
    """The numbers that this R code prints; `iris.csv` is there as the data frame `flowers`, mda is loaded, and
    AVERAGED is defined."""
    return [float(word) for word in printed_by_r(code).split()]


def printed_by_r(code: str) -> str:
    """What this R code prints, with the same things there."""
    given = f'suppressMessages(library(mda)); flowers <- read.csv("{ROOT}/examples/iris.csv", stringsAsFactors = TRUE)'
    given += AVERAGED.format(root=ROOT)
    ran = subprocess.run(
        ["Rscript", "--vanilla", "-e", f"{given}\n{code}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def eventually(look: Any) -> None:
    """Until `look()` is true."""
    until = time.monotonic() + DEADLINE_S
    while not look():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def group_is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
