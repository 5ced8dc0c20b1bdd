"""The problems of the search's bench: real MARS tuning problems, looked up in grids, and four known functions.

The grids come from `problems.R`, which runs the container's own code; a point between them has the
objective of the nearest one; hyperparameters such as thresh act in steps anyway.
"""

import csv
import gzip
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GRIDS = Path(__file__).with_name("problems.csv.gz")
AXES = ("degree", "prune", "nk", "thresh", "penalty")


@dataclass(frozen=True)
class Problem:
    """`ranges` as in a request's ParameterRanges; the `cost` of a point is to be minimized."""

    name: str
    ranges: dict[str, list[dict[str, Any]]]
    cost: Callable[[Mapping[str, str]], float]


def halves() -> tuple[list[Problem], list[Problem]]:
    """Return problems for choosing settings, and others for reporting; no data set is in both."""
    axes, grids = _read()
    pairs = [(_classic(name, axes, costs), _wide(name, axes, costs)) for name, costs in grids.items()]
    chosen = [problem for pair in pairs[::2] for problem in pair]
    reported = [problem for pair in pairs[1::2] for problem in pair]
    return [*chosen, BRANIN, ACKLEY], [*reported, HARTMANN, STYBLINSKI]


def _read() -> tuple[dict[str, list[str]], dict[str, list[float]]]:
    with gzip.open(GRIDS, "rt", newline="") as file:
        rows = [(row[0], row[1:]) for row in csv.reader(file)]
    axes = dict(rows[: len(AXES)])
    return axes, {name: [float(value) for value in values] for name, values in rows[len(AXES) :]}


def _classic(name: str, axes: Mapping[str, list[str]], costs: list[float]) -> Problem:
    """Search Retune's default ranges."""
    ranges = {
        "IntegerParameterRanges": [_range("degree", 1, 3)],
        "ContinuousParameterRanges": [_range("thresh", 0.001, 0.01)],
        "CategoricalParameterRanges": [{"Name": "prune", "Values": ["TRUE", "FALSE"]}],
    }
    return Problem(f"{name} (3)", ranges, _looked_up(axes, costs, {"nk": "23", "penalty": "2"}))


def _wide(name: str, axes: Mapping[str, list[str]], costs: list[float]) -> Problem:
    ranges = {
        "IntegerParameterRanges": [_range("degree", 1, 3), _range("nk", 5, 30)],
        "ContinuousParameterRanges": [_range("thresh", 0.0001, 0.1), _range("penalty", 0, 8)],
        "CategoricalParameterRanges": [{"Name": "prune", "Values": ["TRUE", "FALSE"]}],
    }
    return Problem(f"{name} (5)", ranges, _looked_up(axes, costs, {}))


def _looked_up(
    axes: Mapping[str, list[str]], costs: list[float], fixed: Mapping[str, str]
) -> Callable[[Mapping[str, str]], float]:
    def cost(values: Mapping[str, str]) -> float:
        place = 0
        for name in AXES:
            place = place * len(axes[name]) + _nearest(name, {**fixed, **values}[name], axes[name])
        return costs[place]

    return cost


def _nearest(name: str, value: str, marks: list[str]) -> int:
    if name == "prune":
        return marks.index(value)
    scale = math.log if name == "thresh" else float
    return min(range(len(marks)), key=lambda place: abs(scale(float(marks[place])) - scale(float(value))))


def _range(name: str, low: float, high: float, scaling: str = "Auto") -> dict[str, str]:
    return {"Name": name, "MinValue": str(low), "MaxValue": str(high), "ScalingType": scaling}


def _numbers(values: Mapping[str, str], names: str) -> list[float]:
    return [float(values[name]) for name in names]


def _branin(values: Mapping[str, str]) -> float:
    x, y = _numbers(values, "xy")
    bow = (y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6) ** 2
    return bow + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def _ackley(values: Mapping[str, str]) -> float:
    """Ackley of a log-scaled, a whole and a real number; the kind shifts the minimum and raises all but one."""
    shift = {"a": 0.0, "b": 0.7, "c": -1.1}[values["kind"]]
    point = [math.log10(float(values["x"])) + 2 - shift, float(values["n"]) / 4 - 3, float(values["y"]) - shift]
    root = math.sqrt(sum(part**2 for part in point) / 3)
    waves = sum(math.cos(2 * math.pi * part) for part in point) / 3
    return -20 * math.exp(-0.2 * root) - math.exp(waves) + 20 + math.e + abs(shift)


_HARTMANN = (
    (1.0, (10, 3, 17, 3.5, 1.7, 8), (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886)),
    (1.2, (0.05, 10, 17, 0.1, 8, 14), (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991)),
    (3.0, (3, 3.5, 1.7, 10, 17, 8), (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650)),
    (3.2, (17, 8, 0.05, 10, 0.1, 14), (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381)),
)


def _hartmann(values: Mapping[str, str]) -> float:
    point = _numbers(values, "abcdef")
    return -sum(
        weight * math.exp(-sum(a * (x - p) ** 2 for a, x, p in zip(steep, point, place, strict=True)))
        for weight, steep, place in _HARTMANN
    )


def _styblinski(values: Mapping[str, str]) -> float:
    """Styblinski-Tang of two real, a whole and a log-scaled number; each of four kinds adds its own offset."""
    point = [*_numbers(values, "xyn"), math.log10(float(values["z"]))]
    return sum(x**4 - 16 * x**2 + 5 * x for x in point) / 2 + {"a": 0, "b": 8, "c": 16, "d": 24}[values["kind"]]


BRANIN = Problem("Branin", {"ContinuousParameterRanges": [_range("x", -5, 10), _range("y", 0, 15)]}, _branin)
ACKLEY = Problem(
    "Ackley, mixed",
    {
        "ContinuousParameterRanges": [_range("x", 1e-5, 10), _range("y", -3, 3)],
        "IntegerParameterRanges": [_range("n", 1, 24)],
        "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "c"]}],
    },
    _ackley,
)
HARTMANN = Problem("Hartmann", {"ContinuousParameterRanges": [_range(name, 0, 1) for name in "abcdef"]}, _hartmann)
STYBLINSKI = Problem(
    "Styblinski, mixed",
    {
        "ContinuousParameterRanges": [_range("x", -5, 5), _range("y", -5, 5), _range("z", 1e-5, 1e5)],
        "IntegerParameterRanges": [_range("n", -5, 5)],
        "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "c", "d"]}],
    },
    _styblinski,
)
