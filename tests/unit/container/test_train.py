"""`entrypoint train` as SageMaker calls it, with real R."""

import json
import math
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.algorithm import METRICS
from tests.support.container.process import (
    DEADLINE_S,
    HEADER,
    IRIS,
    ROOT,
    ROWS,
    TARGET,
    Ml,
    Trained,
    a_csv,
    eventually,
    group_is_gone,
    in_plain_r,
    long_training,
)
from tests.support.container.server import serving

# On these folds each of them, left at its default, gives another objective.
SETTINGS = {**TARGET, "engine": "mda", "degree": "2", "thresh": "0.05", "prune": "FALSE", "folds": "4", "seed": "9"}
CROSS_VALIDATION = """
flowers <- in_own_order(flowers, "Sepal.Length")
x <- model.matrix(Sepal.Length ~ ., flowers)[, -1]
y <- flowers$Sepal.Length
fold <- folds_of(flowers[names(flowers) != "Sepal.Length"], 4)
errors <- unlist(lapply(1:4, function(k) {
  fit <- mars(x[fold != k, ], y[fold != k], degree = 2, thresh = 0.05, prune = FALSE)
  (y[fold == k] - predict(fit, x[fold == k, ]))^2
}))
cat(sprintf("%.17g", mean(errors)))
"""
HOLD_OUT = """
train <- flowers[-(1:30), ]
x <- function(rows) model.matrix(Sepal.Length ~ ., rows)[, -1]
predicted <- averaged(
  x(train), train$Sepal.Length, train[names(train) != "Sepal.Length"], 4, x(flowers)[1:30, ],
  degree = 2, thresh = 0.05, prune = FALSE
)
cat(sprintf("%.17g", mean((flowers$Sepal.Length[1:30] - predicted)^2)))
"""


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ml, Trained]:
    """One training on iris, its rows in two files, with what SageMaker adds to the hyperparameters."""
    files = {"b.csv": a_csv(HEADER, ROWS[75:]), "a.csv": a_csv(HEADER, ROWS[:75])}
    hyperparameters = {**SETTINGS, "_tuning_objective_metric": "mse"}
    ml = Ml.of(tmp_path_factory.mktemp("ml"), hyperparameters, train=files)
    return ml, ml.train()


def test_the_objective_is_printed_once_and_kept_with_every_digit(iris: tuple[Ml, Trained]) -> None:
    ml, trained = iris

    assert trained.code == 0, trained.log
    (line,) = trained.objective_lines
    printed = re.fullmatch(r"mse: (\d+\.\d+)", line)
    assert printed
    assert math.isclose(float(printed[1]), ml.metrics["mse"], rel_tol=1e-12)
    assert not (ml.root / "output" / "failure").exists()


def test_the_objective_is_the_mean_squared_error_of_cross_validation(iris: tuple[Ml, Trained]) -> None:
    ml, _ = iris

    (expected,) = in_plain_r(CROSS_VALIDATION)

    assert math.isclose(ml.metrics["mse"], expected, rel_tol=1e-9)
    assert ml.metrics["measured_on"] == "cross-validation"


def test_the_same_job_again_measures_the_same_to_the_last_digit(iris: tuple[Ml, Trained], tmp_path: Path) -> None:
    _, first = iris
    ml = Ml.of(tmp_path, SETTINGS, train={"iris.csv": IRIS})

    again = ml.train()

    assert again.objective_lines == first.objective_lines


def test_another_order_of_rows_and_files_leaves_every_digit_of_log_and_predictions(tmp_path: Path) -> None:
    settings = {**TARGET, "degree": "2", "max_search_rows": "100"}
    files = {"b.csv": a_csv(HEADER, ROWS[:60]), "a.csv": a_csv(HEADER, ROWS[:59:-1])}
    one, other = Ml.of(tmp_path / "1", settings, train={"a.csv": IRIS}), Ml.of(tmp_path / "2", settings, train=files)

    logs = [[line for line in ml.train().log.splitlines() if not line.startswith("seconds:")] for ml in (one, other)]

    assert logs[0] == logs[1]
    with serving(one) as first, serving(other) as second:
        assert first.score(IRIS) == second.score(IRIS)


def test_the_reason_of_an_earlier_failure_does_not_outlive_a_training_that_ends_well(tmp_path: Path) -> None:
    ml = Ml.of(tmp_path, {**SETTINGS, "folds": "2"}, train={"iris.csv": IRIS})
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "failure").write_text("channel train is missing\n")

    assert ml.train().code == 0
    assert not (tmp_path / "output" / "failure").exists()


def test_an_engine_that_cannot_be_loaded_is_the_reason_of_the_failure(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "container", tmp_path / "container")
    (tmp_path / "container" / "src" / "mars.so").write_text("compiled for another machine")
    ml = replace(Ml.of(tmp_path, TARGET, train={"iris.csv": IRIS}), entrypoint=tmp_path / "container" / "entrypoint")

    assert ml.train().code == 1
    assert "mars.so" in ml.failure


def test_the_model_brings_all_that_serving_needs(iris: tuple[Ml, Trained]) -> None:
    ml, _ = iris

    assert sorted(path.name for path in (ml.root / "model").iterdir()) == [
        "metrics.json",
        "model.rds",
        "prototype.json",
    ]
    prototype = json.loads((ml.root / "model" / "prototype.json").read_text())
    assert prototype["target"] == "Sepal.Length"
    assert prototype["features"]["Species"] == {"type": "factor", "levels": ["setosa", "versicolor", "virginica"]}
    assert prototype["mse"] == ml.metrics["mse"]
    assert prototype["train_rows"] == 150
    assert prototype["hyperparameters"]["degree"] == 2
    assert prototype["versions"].keys() == {"R", "mda"}


def test_further_metrics_are_a_line_each(iris: tuple[Ml, Trained]) -> None:
    ml, trained = iris

    found = dict(re.findall(r"^([a-z_]+): ([0-9.]+)$", trained.log, re.MULTILINE))

    assert {name: re.findall(pattern, trained.log) for name, pattern in METRICS.items()} == {
        name: [found[name]] for name in METRICS
    }
    assert math.isclose(float(found["train_error"]), ml.metrics["train_mean_squared_error"], rel_tol=1e-12)
    # R squared is one less the share of the variance that is left; iris's is that of 150 values, divided by 150.
    (variance,) = in_plain_r("cat(mean((flowers$Sepal.Length - mean(flowers$Sepal.Length))^2))")
    assert math.isclose(float(found["rsq"]), 1 - ml.metrics["mse"] / variance, rel_tol=1e-6)
    assert math.isclose(float(found["error_root"]), math.sqrt(ml.metrics["mse"]), rel_tol=1e-12)


def test_with_a_validation_channel_the_objective_is_measured_there(tmp_path: Path) -> None:
    channels = {"train": {"a.csv": a_csv(HEADER, ROWS[30:])}, "validation": {"b.csv": a_csv(HEADER, ROWS[:30])}}
    ml = Ml.of(tmp_path, SETTINGS, **channels)

    trained = ml.train()

    (expected,) = in_plain_r(HOLD_OUT)
    assert len(trained.objective_lines) == 1
    assert math.isclose(ml.metrics["mse"], expected, rel_tol=1e-9)
    assert (ml.metrics["measured_on"], ml.metrics["validation_rows"]) == ("validation", 30)


@pytest.mark.parametrize("name", ["mse: 0.001", "rmse:: 0.001"])
@pytest.mark.parametrize(
    "settings",
    [
        {"missing": "drop"},
        {"missing": "impute", "engine": "earth", "nk": "5", "thresh": "0.00001", "max_search_rows": "100"},
        {"missing": "drop", "folds_by": "kind"},
        {"missing": "drop", "folds_in_order_of": "kind"},
    ],
    ids=["rows dropped", "imputed, and every bound reached", "groups", "in order of time"],
)
def test_a_column_called_like_the_objective_adds_no_second_line(
    tmp_path: Path, settings: dict[str, str], name: str
) -> None:
    header = f"{HEADER},{name},{name} again"
    rows = [f"{row},{at % 9},{at % 9}" for at, row in enumerate([*ROWS, "5.1,3.5,1.4,0.2,setosa"])]
    rows[0] = rows[0].removesuffix("0")  # a gap
    decides = {key: name if value == "kind" else value for key, value in settings.items()}
    ml = Ml.of(tmp_path, {**TARGET, "folds": "2", **decides}, train={f"{name}.csv": a_csv(header, rows)})

    trained = ml.train()

    assert trained.code == 0, trained.log
    (line,) = trained.objective_lines
    assert math.isclose(float(line.removeprefix("mse: ")), ml.metrics["mse"], rel_tol=1e-12)


def test_a_warning_that_quotes_a_column_called_like_the_objective_adds_no_line(tmp_path: Path) -> None:
    """With values that print alike, earth warns of two terms of one name."""
    rows = [f"{at % 7},{1e9 + at * at * 0.01:.2f},{at % 5}" for at in range(60)]
    ml = Ml.of(
        tmp_path, {"target": "y", "engine": "earth", "prune": "FALSE"}, train={"a.csv": a_csv("y,rmse: 1,x", rows)}
    )

    trained = ml.train()

    assert "duplicate term name" in trained.log
    assert len(trained.objective_lines) == 1


@pytest.mark.parametrize("settings", [{"mse:: 4": "1"}, {"engine": "rmse: 1"}, {"folds_by": "mse::: 2"}])
def test_a_refusal_that_names_what_is_called_like_the_objective_adds_no_line(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    ml = Ml.of(tmp_path, {**TARGET, **settings}, train={"a.csv": IRIS})

    trained = ml.train()

    assert trained.code == 1
    assert trained.objective_lines == []


def test_an_objective_that_can_be_computed_by_hand(tmp_path: Path) -> None:
    # With so high a threshold no term pays, and the model is the mean. Ten rows in ten folds leave out one each: y is
    # predicted by the mean of the others, (55 - y) / 9, and the error is (10 y - 55) / 9. Over y = 1 … 10 the mean of
    # the squares is (100 * 385 - 1100 * 55 + 10 * 3025) / 81 / 10 = 8250 / 810.
    settings = {"target": "y", "thresh": "0.999", "folds": "10"}
    rows = [f"{y},{y * y}" for y in range(1, 11)]
    ml = Ml.of(tmp_path, settings, train={"a.csv": a_csv("y,x", rows)})

    trained = ml.train()

    assert trained.code == 0, trained.log
    assert math.isclose(ml.metrics["mse"], 8250 / 810, rel_tol=1e-14)
    assert math.isclose(ml.metrics["train_mean_squared_error"], 8.25, rel_tol=1e-14)  # (10 ** 2 - 1) / 12
    assert ml.metrics["terms"] == 1


def test_sigterm_ends_every_process_and_leaves_no_model(tmp_path: Path) -> None:
    ml = long_training(tmp_path)
    with ml.running("train") as process:
        assert process.stdout
        assert "training on 20000 rows" in process.stdout.readline()

        process.send_signal(signal.SIGTERM)

        assert process.wait(DEADLINE_S) != 0
        eventually(lambda: group_is_gone(process.pid))
        assert "mse: " not in process.stdout.read()
    assert not (ml.root / "model").exists()
