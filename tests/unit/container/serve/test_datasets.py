"""Other data than iris, trained and served: every prediction is `predict()`'s in a plain R session to 1e-9."""

import json
from pathlib import Path

import pytest

from tests.support.container.process import Ml, in_plain_r, printed_by_r
from tests.support.container.server import serving

FRAMES = {
    "mtcars": ("mpg", "datasets::mtcars"),
    "ToothGrowth": ("len", "datasets::ToothGrowth"),
    "a hundred levels": (
        "y",
        """local({
          set.seed(7)
          level <- rep(1:100, 5)
          x <- round(runif(500), 3)
          data.frame(level = factor(sprintf("é, \\"%03d\\"", level)), x = x, y = level %% 7 + round(rnorm(500), 3))
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
fold <- folds_of(frame[-1], 2)
each <- lapply(1:2, function(k) {
  predict(mars(filled(fold != k)[fold != k, ], frame$Ozone[fold != k]), filled(TRUE))
})
cat(sprintf("%.17g", pmax((each[[1]] + each[[2]]) / 2, min(frame$Ozone) - diff(range(frame$Ozone)) / 2)))
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
predicted <- averaged(x, y, frame[names(frame) != "{target}"], 2)
cat(sprintf("%.17g", pmin(pmax(predicted, min(y) - diff(range(y)) / 2), max(y) + diff(range(y)) / 2)))
"""


@pytest.mark.parametrize("name", FRAMES)
def test_every_row_is_predicted_as_plain_r_does(tmp_path: Path, name: str) -> None:
    target, frame = FRAMES[name]
    rows = json.loads(printed_by_r(ROWS.format(frame=frame)))
    ml = Ml.of(tmp_path, {"target": target, "folds": "2", "engine": "mda"}, train={"a.csv": as_csv(rows)})
    trained = ml.train()
    assert trained.code == 0, trained.log
    expected = in_plain_r(PREDICTIONS.format(frame=frame, target=target))

    with serving(ml) as served:
        for answer in served.invoke(as_csv(rows)), served.invoke(json.dumps(rows), "application/json"):
            assert answer.predictions == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_missing_values_are_imputed_alike_in_training_and_in_every_request(tmp_path: Path) -> None:
    rows = json.loads(printed_by_r(ROWS.format(frame="datasets::airquality")))
    whole = [{name: row.get(name, "NA") for name in rows[0]} for row in rows]
    given = {"target": "Ozone", "missing": "impute", "folds": "2", "engine": "mda"}
    ml = Ml.of(tmp_path, given, train={"a.csv": as_csv(whole)})
    trained = ml.train()
    assert trained.code == 0, trained.log
    assert "rows dropped: 37" in trained.log  # those without Ozone
    expected = in_plain_r(AIRQUALITY)

    with serving(ml) as served:
        answer = served.invoke(as_csv([row for row in whole if row["Ozone"] != "NA"]))
        assert answer.predictions == pytest.approx(expected, rel=1e-9, abs=1e-9)


def as_csv(rows: list[dict[str, object]]) -> str:
    """With every text quoted."""
    lines = [[*rows[0]], *(row.values() for row in rows)]
    return "".join(",".join(map(as_field, line)) + "\n" for line in lines)


def as_field(cell: object) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if isinstance(cell, str) else repr(cell)
