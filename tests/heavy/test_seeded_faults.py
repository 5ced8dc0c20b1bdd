"""Do the tests bite? Each fault is put into a copy of the tree, and the tests that guard the place must turn red."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.heavy.cache import ROOT


@dataclass(frozen=True)
class Fault:
    """`right` stands once in `file` and becomes `wrong`; `guards` are the tests that must notice."""

    file: str
    right: str
    wrong: str
    guards: tuple[str, ...]


DECIDE = ("tests/unit/chalicelib/test_decision.py", "tests/property/test_decision.py")
FAULTS = {
    "decide() buys what was tuned already": Fault(
        "chalicelib/decision.py",
        "if job.status is JobStatus.COMPLETED:",
        "if job.status is JobStatus.DELETED:",
        DECIDE,
    ),
    "decide() does not wait for files to settle": Fault(
        "chalicelib/decision.py",
        "if now < settled_at:",
        "if now > settled_at:",
        DECIDE,
    ),
    "the objective is a sum and no mean": Fault(
        "container/R/model/measures.R",
        "mse <- mean(errors^2)",
        "mse <- sum(errors^2)",
        ("tests/unit/container/test_train.py",),
    ),
    "the objective on validation data is another number": Fault(
        "container/R/model/objective.R",
        "y[block] - predict_model(fit, x[block, , drop = FALSE])",
        "rep(fit$gcv, length(block))",
        ("tests/unit/container/test_train.py",),
    ),
    "groups are spread over folds": Fault(
        "container/R/model/training.R",
        "else row_keys(list(rows$parts))",
        "else rows$keys",
        ("tests/unit/container/test_folds.py",),
    ),
    "in order of time, later rows are known": Fault(
        "container/R/model/objective.R",
        "else fold < k",
        "else fold != k",
        ("tests/unit/container/test_folds.py",),
    ),
    "a span as wide as all rows is paid for": Fault(
        "chalicelib/mars/conflicts.py",
        "rows if name in _TERMS else rows - 1",
        "rows",
        ("tests/unit/chalicelib/mars/test_conflicts.py",),
    ),
    "the container searches on other rows than is told": Fault(
        "container/R/model/engine/engine.R",
        "earth = max(2000,",
        "earth = max(3000,",
        ("tests/unit/container/test_engines.py",),
    ),
    "a stopped container leaves R running": Fault(
        "container/entrypoint",
        "trap stop TERM INT",
        ":",
        ("tests/unit/container/test_train.py",),
    ),
    "the regex does not read the line that the container prints": Fault(
        "chalicelib/algorithm.py",
        'rf"\\b{name}: ',
        'rf"\\b{name}= ',
        ("tests/local/test_demo.py",),
    ),
    "a message that somebody else has claimed is taken for sent": Fault(
        "chalicelib/telling.py",
        "return claim is not Claim.TAKEN",
        "return claim is not Claim.SENT",
        ("tests/pipeline/test_crashes.py",),
    ),
    "a skipped test is green although that is forbidden": Fault(
        "local-sagemaker/tests/support/conventions.py",
        'report.outcome = "failed"',
        'report.outcome = "skipped"',
        ("tests/unit/test_suite_reports.py",),
    ),
    "tests that share a store go to several workers": Fault(
        "tests/support/heavy/groups.py",
        "return group_of(nodeid)",
        "return nodeid",
        ("tests/unit/test_suite_reports.py",),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_has_its_place_in_the_code_of_today(name: str) -> None:
    fault = FAULTS[name]

    assert (ROOT / fault.file).read_text().count(fault.right) == 1


@pytest.mark.heavy
@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_turns_its_tests_red(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    tree = copy_of_the_tree(tmp_path)
    file = tree / fault.file

    file.write_text(file.read_text().replace(fault.right, fault.wrong))
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *fault.guards],
        cwd=tree, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert tested.returncode == 1, tested.stdout[-2000:]


def copy_of_the_tree(folder: Path) -> Path:
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".retune", ".*_cache", "retune-out"))
    return tree
