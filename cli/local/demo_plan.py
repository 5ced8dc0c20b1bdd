"""What `demo` is asked for, checked before a local AWS is started for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from chalicelib import layout
from cli.data.csv_header import columns_of
from cli.paths import IRIS

IRIS_TARGET = "Sepal.Length"


@dataclass(frozen=True)
class Plan:
    """What to tune and where to write. `spec` is the tuning.json as it is uploaded."""

    csv: Path
    dataset: str
    spec: Mapping[str, Any]
    out: Path

    @property
    def key(self) -> str:
        name = self.csv.name
        legal = name if name.lower().endswith((".csv", ".csv.gz")) else f"{name}.csv"
        return layout.upload(self.dataset, f"train/{legal}")


def plan(csv: Path | None, target: str | None, jobs: int, parallel: int, seed: int, out: Path | None) -> Plan:
    """Raises: typer.BadParameter: no target, or none of the file's columns; the message lists them."""
    data = csv or IRIS
    column = target or (IRIS_TARGET if csv is None else None)
    columns = columns_of(data)
    there = f"the columns of {data.name} are {', '.join(columns) or 'not readable'}"
    if column is None:
        raise typer.BadParameter(f"--csv needs --target COLUMN; {there}.")
    if columns and column not in columns:
        raise typer.BadParameter(f"--target {column} is not a column; {there}.")
    dataset = dataset_name(data)
    spec = {"target": column, "max_jobs": jobs, "max_parallel_jobs": min(parallel, jobs), "seed": seed}
    return Plan(data, dataset, spec, out or Path("retune-out") / dataset)


def dataset_name(path: Path) -> str:
    """A legal dataset name from a file's name."""
    stem = re.sub(r"\.csv(\.gz)?$", "", path.name, flags=re.IGNORECASE)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("._-")[:63].rstrip("._-") or "data"
