"""Other data than iris, trained and served: every prediction is `predict()`'s in a plain R session to 1e-9."""

import json
from pathlib import Path

import pytest

from tests.unit.container_process import Ml, printed_by_r, serving

FRAMES = {
    "mtcars": ("mpg", "datasets::mtcars"),
    "ToothGrowth": ("len", "datasets::ToothGrowth"),
    "a hundred levels": (
        "y",
        """local({
          set.seed(7)
          level <- rep(1:100, 5)
          data.frame(
            level = factor(sprintf("é, \\"%03d\\"", level)), x = round(runif(500), 3), y = level %% 7 + round(rnorm(500), 3)
          )
        })""",
    ),
}
# The whole frame as JSON, and what mda predicts for its rows, at full precision.
SESSION = """
frame <- {frame}
encoded <- model.matrix(~ ., frame[names(frame) != "{target}"])[, -1]
fit <- mars(encoded, frame${target}, nk = 21)
frame[] <- lapply(frame, function(values) if (is.factor(values)) as.character(values) else values)
predictions <- drop(predict(fit, encoded))
cat(jsonlite::toJSON(list(rows = frame, predictions = predictions), digits = NA, rownames = FALSE))
"""


@pytest.mark.parametrize("name", FRAMES)
def test_every_row_is_predicted_as_plain_r_does(tmp_path: Path, name: str) -> None:
    target, frame = FRAMES[name]
    told = json.loads(printed_by_r(SESSION.format(frame=frame, target=target)))
    csv = as_csv(told["rows"])
    ml = Ml.of(tmp_path, {"target": target, "nk": "21", "folds": "2"}, train={"a.csv": csv})
    trained = ml.train()
    assert trained.code == 0, trained.log

    with serving(ml) as served:
        assert served.score(csv) == pytest.approx(told["predictions"], rel=1e-9, abs=1e-9)
        answer = served.invoke(json.dumps(told["rows"]), "application/json")
        assert answer.predictions == pytest.approx(told["predictions"], rel=1e-9, abs=1e-9)


def as_csv(rows: list[dict[str, object]]) -> str:
    """With every text quoted."""
    lines = [[*rows[0]], *(row.values() for row in rows)]
    quoted = [
        ['"{}"'.format(cell.replace('"', '""')) if isinstance(cell, str) else repr(cell) for cell in line]
        for line in lines
    ]
    return "".join(",".join(line) + "\n" for line in quoted)
