"""Five tables, trained by each engine and served: every prediction is plain R's, by the engine's own code, to 1e-9."""

import json
import shutil
from pathlib import Path

import pytest

from cli.machine.compiled import compile_engine
from tests.support.container.process import ROOT, Ml, in_plain_r, printed_by_r
from tests.support.container.server import serving

ENGINES = ("earth", "mda", "compiled")
# Target, degree, data.
FRAMES = {
    "iris": ("Sepal.Length", 2, "datasets::iris"),
    "mtcars": ("mpg", 2, "datasets::mtcars"),
    "ToothGrowth": ("len", 2, "datasets::ToothGrowth"),
    "a hundred levels": (
        "y",
        1,
        """local({
          set.seed(7)
          level <- rep(1:100, 5)
          x <- round(runif(500), 3)
          data.frame(level = factor(sprintf("é, \\"%03d\\"", level)), x = x, y = round(level %% 7 + rnorm(500), 3))
        })""",
    ),
}
# Each fold's model has gaps filled by the means of the rows that it is fitted to, and predicts with those of all.
AIRQUALITY = """
frame <- datasets::airquality[!is.na(datasets::airquality$Ozone), ]
filled <- function(rows) {
  as.matrix(as.data.frame(lapply(frame[-1], function(values) {
    replace(values, is.na(values), mean(values[rows], na.rm = TRUE))
  })))
}
in_file <- order(keys_of(frame[-1]), frame$Ozone)
frame <- frame[in_file, ]
fold <- folds_of(frame[-1], 2)
each <- lapply(1:2, function(k) {
  by_ENGINE(filled(fold != k)[fold != k, ], frame$Ozone[fold != k], filled(TRUE), degree = 2)
})
predicted <- pmax((each[[1]] + each[[2]]) / 2, min(frame$Ozone) - diff(range(frame$Ozone)) / 5)
cat(sprintf("%.17g", predicted[match(seq_along(predicted), in_file)]))
"""
ROWS = """
frame <- {frame}
frame[] <- lapply(frame, function(values) if (is.factor(values)) as.character(values) else values)
cat(jsonlite::toJSON(frame, digits = NA, rownames = FALSE))
"""
PREDICTIONS = """
frame <- {frame}
x <- model.matrix(~ ., frame[names(frame) != "{target}"])[, -1]
y <- frame${target}
predicted <- averaged(x, y, frame[names(frame) != "{target}"], 2, fitted_by = by_{engine}, degree = {degree})
cat(sprintf("%.17g", pmin(pmax(predicted, min(y) - diff(range(y)) / 5), max(y) + diff(range(y)) / 5)))
"""


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    if not compile_engine():
        pytest.skip("there is no C compiler here")


def trained(root: Path, settings: dict[str, str], rows: list[dict[str, object]]) -> Ml:
    ml = Ml.of(root, {"folds": "2", "degree": "2", **settings}, train={"a.csv": as_csv(rows)})
    ended = ml.train()
    assert ended.code == 0, ended.log
    return ml


def rows_of(frame: str) -> list[dict[str, object]]:
    return list(json.loads(printed_by_r(ROWS.format(frame=frame))))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FRAMES)
def test_every_row_is_predicted_as_plain_r_does(tmp_path: Path, name: str, engine: str) -> None:
    target, degree, frame = FRAMES[name]
    rows = rows_of(frame)
    ml = trained(tmp_path, {"target": target, "engine": engine, "degree": str(degree)}, rows)
    expected = in_plain_r(PREDICTIONS.format(frame=frame, target=target, engine=engine, degree=degree))

    with serving(ml) as served:
        for answer in served.invoke(as_csv(rows)), served.invoke(json.dumps(rows), "application/json"):
            assert answer.predictions == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_missing_values_are_imputed_alike_in_training_and_in_every_request(tmp_path: Path, engine: str) -> None:
    rows = rows_of("datasets::airquality")
    whole = [{name: row.get(name, "NA") for name in rows[0]} for row in rows]
    ml = trained(tmp_path, {"target": "Ozone", "missing": "impute", "engine": engine}, whole)
    assert ml.metrics["missing"]["dropped_rows"] == 37  # those without Ozone
    expected = in_plain_r(AIRQUALITY.replace("ENGINE", engine))

    with serving(ml) as served:
        answer = served.invoke(as_csv([row for row in whole if row["Ozone"] != "NA"]))
        assert answer.predictions == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_predicts_the_same_to_the_last_digit_where_nothing_is_compiled(tmp_path: Path, engine: str) -> None:
    rows = rows_of("datasets::iris")
    ml = trained(tmp_path / "ml", {"target": "Sepal.Length", "engine": engine}, rows)
    shutil.copytree(ROOT / "container", tmp_path / "bare", ignore=shutil.ignore_patterns("*.so"))

    with serving(ml) as here, serving(Ml(ml.root, tmp_path / "bare" / "entrypoint")) as bare:
        assert bare.score(as_csv(rows)) == here.score(as_csv(rows))


def as_csv(rows: list[dict[str, object]]) -> str:
    """With every text quoted."""
    lines = [[*rows[0]], *(row.values() for row in rows)]
    return "".join(",".join(map(as_field, line)) + "\n" for line in lines)


def as_field(cell: object) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if isinstance(cell, str) else repr(cell)
