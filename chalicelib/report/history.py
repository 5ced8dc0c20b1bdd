"""Where the marks of the history chart lie: objectives in the order in which the training jobs started. Pure.

Coordinates are SVG's own: the origin is at the top left, `y` grows downwards.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.messages.wording import number

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 704, 16, 260
TICKS = 4


@dataclass(frozen=True)
class Dot:
    """One training job. `kind` is best, completed, or missing: without an objective, on the axis."""

    x: float
    y: float
    kind: str
    label: str


@dataclass(frozen=True)
class History:
    """The chart: marks, the running best as an SVG path, and the ticks (position, label) of both axes."""

    marks: tuple[Dot, ...]
    running_best: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]


def history(jobs: Iterable[Mapping[str, Any]], best: Mapping[str, Any] | None) -> History | None:
    """The chart of these training jobs, entries of a record; None when none of them has an objective."""
    ordered = sorted(jobs, key=lambda job: (job["started_at"] or "~", job["name"]))
    values = [job["objective"] for job in ordered if job["objective"] is not None]
    if not values:
        return None
    ticks = _ticks(min(values), max(values))
    across = _scale(1, len(ordered), LEFT + 16, RIGHT - 16)
    down = _scale(ticks[0], ticks[-1], BOTTOM, TOP)
    champion = best["training_job"] if best else None
    marks = tuple(_mark(job, across(i), down, job["name"] == champion) for i, job in enumerate(ordered, start=1))
    every = math.ceil(len(ordered) / 15)
    return History(
        marks=marks,
        running_best=_steps(marks),
        x_ticks=tuple((across(i), str(i)) for i in range(1, len(ordered) + 1, every)),
        y_ticks=tuple((down(tick), number(tick, 6)) for tick in ticks),
    )


def _mark(job: Mapping[str, Any], x: float, down: Callable[[float], float], is_best: bool) -> Dot:
    settings = ", ".join(f"{name} {value}" for name, value in job["hyperparameters"].items())
    value = job["objective"]
    if value is None:
        return Dot(x, BOTTOM, "missing", f"{job['name']}: {job['status']}, no objective; {settings}")
    return Dot(x, down(value), "best" if is_best else "completed", f"{job['name']}: {number(value, 6)}; {settings}")


def _steps(marks: Iterable[Dot]) -> str:
    """The least objective so far: a step at each training job that improved it, then on to the last one."""
    known = [mark for mark in marks if mark.kind != "missing"]
    lowest, path = known[0].y, f"M{known[0].x} {known[0].y}"
    for mark in known[1:]:
        path += f"H{mark.x}"
        if mark.y > lowest:
            lowest, path = mark.y, f"{path}V{mark.y}"
    return path


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, evenly spaced, the first at or below `low`, the last at or above `high`."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / TICKS))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * TICKS >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [float(f"{i * step:.12g}") for i in range(first, max(last, first + 1) + 1)]


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A function that maps [low, high] evenly onto [start, end]."""

    def scaled(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(start + share * (end - start), 1)

    return scaled
