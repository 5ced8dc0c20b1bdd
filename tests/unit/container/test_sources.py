"""The container's R code is read from `R/` and from every folder below it."""

import shutil
from pathlib import Path

import pytest

from tests.support.container.process import HEADER, ROOT, ROWS, TARGET, Ml, a_csv
from tests.support.container.server import serving


@pytest.fixture
def deeper(tmp_path: Path) -> Ml:
    """A container with one more R file, two folders down, which replaces a function of training and one of serving."""
    container = tmp_path / "container"
    shutil.copytree(ROOT / "container", container)
    folder = container / "R" / "z" / "deeper"
    folder.mkdir(parents=True)
    (folder / "replaced.R").write_text(
        'metric_lines <- function(metrics) "read from R/z/deeper"\nexecution_parameters <- function(model) "{}"\n'
    )
    ml = Ml.of(tmp_path / "ml", {**TARGET, "folds": "2"}, train={"a.csv": a_csv(HEADER, ROWS)})
    return Ml(ml.root, container / "entrypoint")


def test_training_reads_a_file_in_a_folder_of_a_folder(deeper: Ml) -> None:
    trained = deeper.train()

    assert trained.code == 0, trained.log
    assert "read from R/z/deeper\n" in trained.log


def test_serving_reads_a_file_in_a_folder_of_a_folder(deeper: Ml) -> None:
    assert deeper.train().code == 0

    with serving(deeper) as served:
        assert served.send("GET", "/execution-parameters").text == "{}"
