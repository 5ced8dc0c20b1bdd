"""`entrypoint train` as SageMaker calls it, with real R."""

import gzip
import json
import math
import random
import re
import signal
from pathlib import Path

import pytest

from tests.unit.container_process import IRIS, TARGET, Ml, Trained, eventually, group_is_gone, in_plain_r

HEADER, *ROWS = IRIS.splitlines()
# On these folds each of them, left at its default, gives another objective.
SETTINGS = {**TARGET, "degree": "2", "thresh": "0.05", "prune": "FALSE", "folds": "4", "seed": "9"}
CROSS_VALIDATION = """
x <- model.matrix(Sepal.Length ~ ., flowers)[, -1]
y <- flowers$Sepal.Length
set.seed(9, "Mersenne-Twister", "Inversion", "Rejection")
fold <- sample(rep_len(1:4, nrow(flowers)))
errors <- unlist(lapply(1:4, function(k) {
  fit <- mars(x[fold != k, ], y[fold != k], degree = 2, thresh = 0.05, prune = FALSE)
  (y[fold == k] - predict(fit, x[fold == k, ]))^2
}))
cat(sprintf("%.17g", mean(errors)))
"""
HOLD_OUT = """
train <- flowers[-(1:30), ]
x <- function(rows) model.matrix(Sepal.Length ~ ., rows)[, -1]
fit <- mars(x(train), train$Sepal.Length, degree = 2, thresh = 0.05, prune = FALSE)
cat(sprintf("%.17g", mean((flowers$Sepal.Length[1:30] - predict(fit, x(flowers)[1:30, ]))^2)))
"""


def a_csv(header: str, rows: list[str]) -> str:
    return "\n".join((header, *rows)) + "\n"


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


def test_the_reason_of_an_earlier_failure_does_not_outlive_a_training_that_ends_well(tmp_path: Path) -> None:
    ml = Ml.of(tmp_path, {**SETTINGS, "folds": "2"}, train={"iris.csv": IRIS})
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "failure").write_text("channel train is missing\n")

    assert ml.train().code == 0
    assert not (tmp_path / "output" / "failure").exists()


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

    found = dict(re.findall(r"^(train_error|rsq|gcv|terms|seconds): ([0-9.]+)$", trained.log, re.MULTILINE))

    assert found.keys() == {"train_error", "rsq", "gcv", "terms", "seconds"}
    assert math.isclose(float(found["train_error"]), ml.metrics["train_mean_squared_error"], rel_tol=1e-12)
    # R squared is one less the share of the variance that is left; iris's is that of 150 values, divided by 150.
    (variance,) = in_plain_r("cat(mean((flowers$Sepal.Length - mean(flowers$Sepal.Length))^2))")
    assert math.isclose(float(found["rsq"]), 1 - float(found["train_error"]) / variance, rel_tol=1e-6)


def test_missing_values_are_refused_dropped_or_imputed_as_asked(tmp_path: Path) -> None:
    gappy = a_csv(HEADER, [*ROWS[:100], "5.1,,1.4,0.2,setosa", *ROWS[100:], ",3.5,1.4,0.2,setosa"])
    said = {"error": "train/a.csv line 153, column `Sepal.Length`: a value is missing", "drop": "rows dropped: 2"}
    said["impute"] = "means and most frequent levels"
    trained = {}
    for missing in said:
        ml = Ml.of(tmp_path / missing, {**SETTINGS, "missing": missing}, train={"a.csv": gappy})
        trained[missing] = ml.train()
        assert said[missing] in trained[missing].log

    assert [trained[missing].code for missing in said] == [1, 0, 0]
    whole = Ml.of(tmp_path / "whole", SETTINGS, train={"a.csv": a_csv(HEADER, ROWS)}).train()
    assert trained["drop"].objective_lines == whole.objective_lines
    assert trained["impute"].objective_lines != whole.objective_lines


def test_with_a_validation_channel_the_objective_is_measured_there(tmp_path: Path) -> None:
    channels = {"train": {"a.csv": a_csv(HEADER, ROWS[30:])}, "validation": {"b.csv": a_csv(HEADER, ROWS[:30])}}
    ml = Ml.of(tmp_path, SETTINGS, **channels)

    trained = ml.train()

    (expected,) = in_plain_r(HOLD_OUT)
    assert len(trained.objective_lines) == 1
    assert math.isclose(ml.metrics["mse"], expected, rel_tol=1e-9)
    assert (ml.metrics["measured_on"], ml.metrics["validation_rows"]) == ("validation", 30)


def test_a_column_called_like_the_objective_adds_no_second_line(tmp_path: Path) -> None:
    header = HEADER.replace("Petal.Width", "mse: 0.001")
    ml = Ml.of(tmp_path, {**SETTINGS, "folds": "2"}, train={"mse: 0.csv": a_csv(header, ROWS)})

    trained = ml.train()

    assert trained.code == 0, trained.log
    (line,) = trained.objective_lines
    assert math.isclose(float(line.removeprefix("mse: ")), ml.metrics["mse"], rel_tol=1e-12)


@pytest.mark.parametrize(
    ("hyperparameters", "rows", "said"),
    [
        ({"degree": "2.5"}, ROWS, '`degree` must be a whole number from 1 to 10, not "2.5"'),
        ({"degre": "2"}, ROWS, "`degre` is no hyperparameter: did you mean `degree`?"),
        ({"target": "Sepal.Lenght"}, ROWS, "no column `Sepal.Lenght`, which `target` names: did you mean"),
        ({"target": "Species"}, ROWS, 'the target `Species` is text ("setosa")'),
        ({}, [*ROWS[:4], "5.1,3.5,1.4,0.2"], "train/a.csv line 6 has 4 fields, its header has 5"),
        ({}, [*ROWS[:20], "5.1,3.5,1.4,-,setosa"], "train/a.csv line 22, column `Petal.Width`: \"-\" is"),
        ({}, ROWS[:9], "channel train has 9 rows: at least 10 are needed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_failure_file_and_nothing_is_measured(
    hyperparameters: dict[str, str], rows: list[str], said: str, tmp_path: Path
) -> None:
    ml = Ml.of(tmp_path, {**SETTINGS, **hyperparameters}, train={"a.csv": a_csv(HEADER, rows)})

    trained = ml.train()

    assert trained.code == 1
    assert said in ml.failure
    assert "internal error" not in ml.failure
    assert ml.failure.count("\n") == 1
    assert trained.log == ml.failure
    assert not (ml.root / "model").exists()


def test_a_refused_cell_in_a_column_called_like_the_objective_is_no_objective(tmp_path: Path) -> None:
    header = HEADER.replace("Petal.Width", "mse: 0.001")
    ml = Ml.of(tmp_path, SETTINGS, train={"a.csv": a_csv(header, [*ROWS, "5.1,3.5,1.4,-,setosa"])})

    trained = ml.train()

    assert "column `mse: 0.001`" in ml.failure
    assert (trained.code, trained.objective_lines) == (1, [])


def test_a_missing_channel_is_named(tmp_path: Path) -> None:
    ml = Ml.of(tmp_path, TARGET)

    assert ml.train().code == 1
    assert ml.failure == "channel train is missing: it holds the CSVs to train on\n"


def test_packed_files_and_sub_folders_are_one_channel_in_the_order_of_their_paths(
    iris: tuple[Ml, Trained], tmp_path: Path
) -> None:
    _, plain = iris
    ml = Ml.of(tmp_path, SETTINGS, train={"2024/b.csv": a_csv(HEADER, ROWS[75:])})
    packed = gzip.compress(a_csv(HEADER, ROWS[:75]).encode())
    (tmp_path / "input/data/train/2023.CSV.gz").write_bytes(packed)

    assert ml.train().objective_lines == plain.objective_lines


def test_sigterm_ends_every_process_and_leaves_no_model(tmp_path: Path) -> None:
    noise = random.Random(1)
    names = ",".join(f"x{number}" for number in range(20))
    rows = [",".join(f"{noise.random():.6f}" for _ in range(20)) for _ in range(20_000)]
    settings = {"target": "x0", "degree": "3", "folds": "20"}
    ml = Ml.of(tmp_path, settings, train={"big.csv": a_csv(names, rows)})
    with ml.running("train") as process:
        assert process.stdout
        assert "training on 20000 rows" in process.stdout.readline()

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=2) != 0
        eventually(lambda: group_is_gone(process.pid), within_s=2)
        assert "mse: " not in process.stdout.read()
    assert not (ml.root / "model").exists()
