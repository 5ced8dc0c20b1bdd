"""Training under SageMaker's container contract."""

import json
import re
from pathlib import Path

import pytest

from local_sagemaker.example_image import model, train
from local_sagemaker.example_image.data import parse
from local_sagemaker.example_image.train import Hyperparameters, InvalidHyperparameter, hyperparameters

CSV = "y,x,colour\n" + "".join(f"{2 * i},{i},{'red' if i % 2 else 'blue'}\n" for i in range(20))


@pytest.fixture
def ml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job's /opt/ml with data and without hyperparameters."""
    for folder in ("input/config", "input/data/train", "model", "output"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "input/data/train/a.csv").write_text(CSV)
    given(tmp_path)
    monkeypatch.setenv("ML_ROOT", str(tmp_path))
    return tmp_path


def given(ml: Path, **hyperparameters: str) -> None:
    (ml / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))


def test_the_objective_is_printed_once_in_fixed_notation(ml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given(ml, alpha="1e-8", gamma="1e-3")

    code = train.main()

    said = capsys.readouterr().out
    assert code == 0
    assert re.findall(r"^mse: (.*)$", said, re.MULTILINE) == re.findall(r"mse: (\d+\.\d+)\n", said)
    assert said.count("mse: ") == 1


def test_the_saved_model_predicts(ml: Path) -> None:
    given(ml, alpha="1e-6", gamma="0.01")

    train.main()

    table = parse("a.csv", "x,colour\n4,blue\n7,red\n")
    assert model.load(ml / "model").predict(table) == pytest.approx([8, 14], abs=0.1)


def test_the_target_can_be_any_column_of_numbers(ml: Path) -> None:
    given(ml, target="x")

    train.main()

    assert [feature.name for feature in model.load(ml / "model").features] == ["y", "colour"]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"target": "z"}, "target must be one of the columns y, x, colour, not 'z'"),
        ({"target": "colour"}, "a.csv line 2: colour must be a number, not 'blue'"),
        ({"folds": "21"}, "there must be from 21 (folds) to 5000 rows, not 20"),
        ({"alpha": "0"}, "alpha must be a number from 1e-9 to 1e9, not '0'"),
    ],
)
def test_an_error_becomes_the_failure_reason(ml: Path, named: dict[str, str], message: str) -> None:
    given(ml, **named)

    assert train.main() == 1
    assert (ml / "output/failure").read_text() == message
    assert list((ml / "model").iterdir()) == []


def test_without_a_feature_there_is_nothing_to_learn_from(ml: Path) -> None:
    (ml / "input/data/train/a.csv").write_text("y\n1\n2\n")

    assert train.main() == 1
    assert (ml / "output/failure").read_text() == "there must be at least one column beside the target y"


def test_hyperparameters_come_as_strings() -> None:
    parsed = hyperparameters({"alpha": "0.5", "gamma": "1e-2", "folds": "3", "target": "y"})

    assert parsed == Hyperparameters(0.5, 0.01, 3, "y")


def test_what_sagemaker_and_its_sdk_add_is_ignored() -> None:
    assert hyperparameters({"_tuning_objective_metric": "mse", "sagemaker_job_name": "a"}) == Hyperparameters()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("alpha", "x", "alpha must be a number from 1e-9 to 1e9, not 'x'"),
        ("gamma", "nan", "gamma must be a number from 1e-9 to 1e9, not 'nan'"),
        ("gamma", "-1", "gamma must be a number from 1e-9 to 1e9, not '-1'"),
        ("folds", "1", "folds must be a whole number from 2 to 100, not '1'"),
        ("folds", "2.5", "folds must be a whole number from 2 to 100, not '2.5'"),
        ("depth", "1", "depth is not a hyperparameter; they are alpha, gamma, folds, target"),
    ],
)
def test_an_invalid_hyperparameter_is_refused_by_name(name: str, text: str, message: str) -> None:
    with pytest.raises(InvalidHyperparameter, match=f"^{re.escape(message)}$"):
        hyperparameters({name: text})
