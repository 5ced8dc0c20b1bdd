"""A trained model and its file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from local_sagemaker.example_image.data import Feature, Table, encode
from local_sagemaker.example_image.regression import Regression

NAME = "model.json"


@dataclass(frozen=True)
class Model:
    """What predictions need: the features in the order of training, and the regression."""

    features: tuple[Feature, ...]
    regression: Regression

    def predict(self, table: Table) -> list[float]:
        """Predict each row. Raises: InvalidData."""
        rows = encode(table, self.features)
        return [float(value) for value in self.regression.predict(np.array(rows))] if rows else []

    def save(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), default=np.ndarray.tolist), encoding="utf-8")


def load(folder: Path) -> Model:
    """Load what `save` wrote."""
    saved: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    regression: dict[str, Any] = {
        name: np.array(value) if isinstance(value, list) else value for name, value in saved["regression"].items()
    }
    features = (Feature(one["name"], tuple(one["categories"])) for one in saved["features"])
    return Model(tuple(features), Regression(**regression))
