"""Trains on the CSV files of the channel `train`, and prints the objective `mse`."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from local_sagemaker.example_image import data, regression
from local_sagemaker.example_image.data import InvalidData, Table
from local_sagemaker.example_image.model import Model

_ADDED = ("_", "sagemaker_")
"""SageMaker adds `_tuning_objective_metric`, its SDK names such as `sagemaker_job_name`."""


class InvalidHyperparameter(ValueError):
    """The message names the hyperparameter and what is valid."""


@dataclass(frozen=True)
class Hyperparameters:
    """An empty target means the first column."""

    alpha: float = 0.1
    gamma: float = 0.1
    folds: int = 5
    target: str = ""


def main() -> int:
    """Train below ML_ROOT or /opt/ml. On an error, which becomes the job's FailureReason, return 1."""
    ml = Path(os.environ.get("ML_ROOT", "/opt/ml"))
    try:
        given = json.loads((ml / "input" / "config" / "hyperparameters.json").read_text(encoding="utf-8"))
        _train(data.read(ml / "input" / "data" / "train"), hyperparameters(given), ml / "model")
    except (InvalidData, InvalidHyperparameter) as invalid:
        (ml / "output" / "failure").write_text(str(invalid), encoding="utf-8")
        print(f"error: {invalid}", file=sys.stderr)
        return 1
    return 0


def hyperparameters(given: Mapping[str, str]) -> Hyperparameters:
    """Parse them; SageMaker passes all of them as strings. Raises: InvalidHyperparameter."""
    own = {name: text for name, text in given.items() if not name.startswith(_ADDED)}
    if unknown := own.keys() - _PARSE.keys():
        raise InvalidHyperparameter(f"{min(unknown)} is not a hyperparameter; they are {', '.join(_PARSE)}")
    return Hyperparameters(**{name: _PARSE[name](name, text) for name, text in own.items()})  # type: ignore[arg-type]


def _train(table: Table, chosen: Hyperparameters, folder: Path) -> None:
    target = chosen.target or table.names[0]
    if target not in table.names:
        raise InvalidHyperparameter(f"target must be one of the columns {', '.join(table.names)}, not {target!r}")
    if len(table.names) < 2:
        raise InvalidData(f"there must be at least one column beside the target {target}")
    if not chosen.folds <= len(table.rows) <= regression.MOST_ROWS:
        text = f"there must be from {chosen.folds} (folds) to {regression.MOST_ROWS} rows, not {len(table.rows)}"
        raise InvalidData(text)
    features = data.features_of(table, target)
    x = np.array(data.encode(table, features))
    y = np.array([data.number(place, target, cell) for place, cell in table.column(target)])
    print(f"{len(y)} rows, {x.shape[1]} numbers each, alpha {chosen.alpha:g}, gamma {chosen.gamma:g}")
    mse = regression.cross_validated_mse(x, y, chosen.alpha, chosen.gamma, chosen.folds)
    Model(features, regression.fit(x, y, chosen.alpha, chosen.gamma)).save(folder)
    print(f"mse: {np.format_float_positional(mse, 8, fractional=False, trim='0')}", flush=True)


def _positive(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1e-9 <= value <= 1e9:
        raise InvalidHyperparameter(f"{name} must be a number from 1e-9 to 1e9, not {text!r}")
    return value


def _folds(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 2 <= int(text) <= 100):
        raise InvalidHyperparameter(f"{name} must be a whole number from 2 to 100, not {text!r}")
    return int(text)


def _text(_: str, text: str) -> str:
    return text


_PARSE: Mapping[str, Callable[[str, str], float | str]] = {
    "alpha": _positive,
    "gamma": _positive,
    "folds": _folds,
    "target": _text,
}
