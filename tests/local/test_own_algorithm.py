"""Bring your own algorithm: two files of `examples/ridge` in the place of ours, and the whole pipeline tunes ridge."""

import json
import math
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.support.local.command_line import ROOT

RIDGE = ROOT / "examples" / "ridge"
NOT_COPIED = shutil.ignore_patterns(".git", ".retune", ".*_cache", "retune-out", "__pycache__")
# R's own least squares on the rows of iris with the penalty as further rows: another way to the same numbers.
PLAIN_R = """
x <- model.matrix(Sepal.Length ~ ., iris)[, -1]
y <- iris$Sepal.Length
for (name in c("keys", "objective")) source(file.path("CONTAINER/R/model", paste0(name, ".R")))
features <- lapply(iris[-1], function(values) if (is.factor(values)) as.character(values) else values)
fold <- assign_folds(row_keys(features), 5)
squared <- unlist(lapply(1:5, function(k) {
  seen <- x[fold != k, ]
  z <- scale(seen)
  penalty <- diag(sqrt(LAMBDA), 5)
  slopes <- lm.fit(rbind(z, penalty), c(y[fold != k] - mean(y[fold != k]), rep(0, 5)))$coefficients
  held <- scale(x[fold == k, ], attr(z, "scaled:center"), attr(z, "scaled:scale"))
  (y[fold == k] - mean(y[fold != k]) - held %*% slopes)^2
}))
cat(sprintf("%.15g", mean(squared)))
"""


def test_the_pipeline_tunes_ridge_with_two_files_replaced(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
    replaced = [path.relative_to(RIDGE) for path in RIDGE.rglob("*") if path.suffix in (".R", ".py")]
    for name in replaced:
        assert (tree / name).exists(), f"{name} takes no file's place"
        shutil.copy(RIDGE / name, tree / name)

    command = [sys.executable, "-m", "cli", "demo", "--jobs", "3", "--seed", "5", "--out", tmp_path / "out", "--json"]
    ran = subprocess.run(
        command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    best = json.loads(ran.stdout)["best"]
    assert "The best ridge model for iris" in (tmp_path / "out" / "notification.txt").read_text()
    with tarfile.open(tmp_path / "out" / "model.tar.gz") as packed:
        metrics = json.loads(packed.extractfile("metrics.json").read())  # type: ignore[union-attr]
    expected = in_plain_r(float(best["hyperparameters"]["lambda"]))
    assert math.isclose(metrics["mse"], expected, rel_tol=1e-6)
    assert sorted(map(str, replaced)) == ["chalicelib/algorithm.py", "container/R/model/algorithm.R"]


def in_plain_r(penalty: float) -> float:
    code = PLAIN_R.replace("LAMBDA", repr(penalty)).replace("CONTAINER", str(ROOT / "container"))
    return float(subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout)
