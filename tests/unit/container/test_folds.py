"""Folds by groups and in order of time, trained and served with real R."""

import json
import math
from pathlib import Path

import pytest

from chalicelib.csv.times import time_form
from tests.support.container.process import HEADER, ROOT, ROWS, TARGET, Ml, a_csv, in_plain_r, printed_by_r
from tests.support.container.server import serving

GROUPED = {**TARGET, "engine": "mda", "folds": "4", "folds_by": "plant"}
ORDERED = {**TARGET, "engine": "mda", "folds": "4", "folds_in_order_of": "day"}
PLANTS = [f"{row},p{at % 11}" for at, row in enumerate(ROWS)]
DAYS = [f"{row},2024-{at % 10 + 1:02}-01" for at, row in enumerate(ROWS)]
WITHOUT_ONE_SPECIES = """
x <- model.matrix(Sepal.Length ~ ., flowers)[, -1]
y <- flowers$Sepal.Length
errors <- unlist(lapply(levels(flowers$Species), function(kind) {
  seen <- flowers$Species != kind
  varies <- apply(x[seen, ], 2, function(values) length(unique(values)) > 1)
  predicted <- predict(mars(x[seen, varies], y[seen]), x[!seen, varies])
  y[!seen] - pmin(pmax(predicted, min(y[seen]) - diff(range(y[seen])) / 5), max(y[seen]) + diff(range(y[seen])) / 5)
}))
cat(sprintf("%.17g", mean(errors^2)))
"""
IN_ORDER = """
x <- model.matrix(Sepal.Length ~ ., flowers)[, -1]
y <- flowers$Sepal.Length
month <- (seq_along(y) - 1) %% 10
errors <- unlist(lapply(1:4, function(k) {
  seen <- month < 2 * k
  tested <- month %in% c(2 * k, 2 * k + 1)
  varies <- apply(x[seen, ], 2, function(values) length(unique(values)) > 1)
  y[tested] - predict(mars(x[seen, varies], y[seen]), x[tested, varies])
}))
cat(sprintf("%.17g", mean(errors^2)), sprintf("%.17g", predict(mars(x, y), x)))
"""
FORMS = """
code <- new.env()
sys.source("ROOT/container/R/data/fold_column.R", code)
texts <- jsonlite::fromJSON('TEXTS')
cat(jsonlite::toJSON(ifelse(grepl(code$time_pattern, texts, perl = TRUE), code$time_form(texts), NA)))
"""


def trained(root: Path, settings: dict[str, str], **files: str) -> Ml:
    ml = Ml.of(root, settings, train={f"{name}.csv": text for name, text in files.items()})
    ended = ml.train()
    assert ended.code == 0, ended.log
    return ml


@pytest.mark.parametrize(("settings", "column", "rows"), [(GROUPED, "plant", PLANTS), (ORDERED, "day", DAYS)])
def test_a_request_may_have_the_column_of_the_folds_and_need_not(
    settings: dict[str, str], column: str, rows: list[str], tmp_path: Path
) -> None:
    ml = trained(tmp_path, settings, a=a_csv(f"{HEADER},{column}", rows))
    records = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in ROWS]
    numbers = [
        {name: cell if name == "Species" else float(cell) for name, cell in record.items()} for record in records
    ]
    strange = [{**record, column: "never seen"} for record in numbers]

    with serving(ml) as served:
        with_it = served.invoke(a_csv(f"{HEADER},{column}", rows)).predictions
        without = served.invoke(a_csv(HEADER, ROWS)).predictions
        as_json = [served.invoke(json.dumps(some), "application/json").predictions for some in (numbers, strange)]

    assert with_it == without == as_json[0] == as_json[1]
    prototype = json.loads((ml.root / "model" / "prototype.json").read_text())
    assert prototype["ignored"] == column
    assert list(prototype["features"]) == HEADER.split(",")[1:]


def test_in_order_of_time_the_errors_are_those_of_later_blocks_and_the_fit_to_all_rows_is_served(
    tmp_path: Path,
) -> None:
    ml = trained(tmp_path, ORDERED, a=a_csv(f"{HEADER},day", DAYS))
    expected, *predictions = in_plain_r(IN_ORDER)

    with serving(ml) as served:
        answer = served.invoke(a_csv(HEADER, ROWS))

    assert math.isclose(ml.metrics["mse"], expected, rel_tol=1e-9)
    assert ml.metrics["model"] == "fit to all rows"
    assert answer.predictions == pytest.approx(predictions, rel=1e-9)


@pytest.mark.parametrize(("settings", "column", "rows"), [(GROUPED, "plant", PLANTS), (ORDERED, "day", DAYS)])
def test_another_order_of_rows_and_files_changes_nothing(
    settings: dict[str, str], column: str, rows: list[str], tmp_path: Path
) -> None:
    header = f"{HEADER},{column}"
    one = trained(tmp_path / "one", settings, a=a_csv(header, rows))
    other = trained(tmp_path / "other", settings, a=a_csv(header, rows[:70:-1]), b=a_csv(header, rows[:71]))

    assert math.isclose(one.metrics["mse"], other.metrics["mse"], rel_tol=1e-9)


def test_with_as_many_folds_as_groups_each_group_is_predicted_by_a_fit_to_the_others(tmp_path: Path) -> None:
    settings = {**TARGET, "engine": "mda", "folds": "3", "folds_by": "kind"}
    kinds = [f"{row},{row.rpartition(',')[2]}" for row in ROWS]
    ml = trained(tmp_path, settings, a=a_csv(f"{HEADER},kind", kinds))

    (expected,) = in_plain_r(WITHOUT_ONE_SPECIES)

    assert math.isclose(ml.metrics["mse"], expected, rel_tol=1e-9)
    assert ml.metrics["model"] == "average of the folds' models"


@pytest.mark.parametrize(
    ("settings", "rows", "said"),
    [
        ({**GROUPED, "folds": "12"}, PLANTS, "column `plant` has 11 different values in channel train, but 12 folds"),
        ({**GROUPED, "folds_by": "Sepal.Length"}, PLANTS, "`folds_by` is the target, `Sepal.Length`: choose another"),
        ({**GROUPED, "missing": "drop"}, [*PLANTS, f"{ROWS[0]},"], "train/a.csv line 152, column `plant`: a value is"),
        ({**ORDERED, "folds_in_order_of": "plant"}, PLANTS, 'train/a.csv line 2, column `plant`: "p0" is not an ISO'),
    ],
)  # fmt: skip
def test_a_column_that_cannot_divide_the_rows_is_refused_in_the_failure_file(
    settings: dict[str, str], rows: list[str], said: str, tmp_path: Path
) -> None:
    ml = Ml.of(tmp_path, settings, train={"a.csv": a_csv(f"{HEADER},plant", rows)})

    assert ml.train().code == 1
    assert ml.failure.startswith(said)


def test_the_container_and_the_check_before_it_know_the_same_times() -> None:
    texts = [
        *("2024-01", "2024-01-31", "2024-01-31T08:30", "2024-01-31 08:30:59.25", "2024-01-31T08:30Z"),
        *("2024-01-31T08:30+05:30", "2024-01-31T08:30:00-0800", "1999-12-31 23:59:59"),
        *("", "2024", "31.01.2024", "2024-13-01", "2024-31-01", "2024-01-32", "2024-1-1", " 2024-01-31"),
        *("2024-01-31 ", "2024-01-31\n"),
        *("2024-01-31T25:00", "2024-01-31T08", "2024-01-31Z", "2024-01-31+0100", "２０２４-01-31"),
    ]
    code = FORMS.replace("ROOT", str(ROOT)).replace("TEXTS", json.dumps(texts).replace("\\", "\\\\"))

    assert json.loads(printed_by_r(code)) == [time_form(text) for text in texts]
