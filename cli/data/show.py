"""A dataset's view as a person reads it."""

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chalicelib.messages.wording import number
from cli.console import moment
from cli.data.progress import short
from cli.data.views import View

STYLES = {"completed": "green", "failed": "red", "refused": "red", "running": "cyan", "waiting": "yellow"}


def overview(views: list[View]) -> RenderableType:
    """All datasets, a row each."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("dataset", "state", "best mse", "last tuning job"):
        table.add_column(name, justify="right" if name == "best mse" else "left", no_wrap=True)
    for view in views:
        table.add_row(
            view["dataset"],
            Text(view["state"], style=STYLES.get(view["state"], "")),
            _number((view["champion"] or {}).get("objective")),
            view["tuning_job"] or "–",
        )
    return table


def status(view: View) -> RenderableType:
    """One dataset: its state, why, and every attempt so far."""
    lines: list[RenderableType] = [_headline(view), *_decision(view)]
    if view["attempts"]:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("tuning job", "status", "mse", "when"):
            table.add_column(name, justify="right" if name == "mse" else "left")
        for attempt in view["attempts"]:
            row = (
                attempt["tuning_job"],
                attempt["status"],
                _number(attempt["objective"]),
                moment(attempt["at"]),
            )
            table.add_row(*row)
        lines += ["", table]
    return Group(*lines)


def best(view: View) -> RenderableType:
    """The champion: its objective, hyperparameters and model."""
    record = view["best"]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    objective = record["objective"]
    grid.add_row(objective["name"], number(objective["value"], 6))
    for name, value in sorted(record["best"]["hyperparameters"].items()):
        if not name.startswith("_"):
            grid.add_row(name, short(str(value)))
    grid.add_row("training job", record["best"]["training_job"])
    grid.add_row("tuning job", record["tuning_job"])
    grid.add_row("model", record["best"]["model_uri"])
    return grid


def explain(view: View, file: str | None) -> RenderableType:
    """Why the last decision was taken; with `file`, what that file had to do with it."""
    lines: list[RenderableType] = [_headline(view), *_decision(view)]
    if file is not None:
        lines += ["", Text(about_file(view, file))]
    elif view["ignored"]:
        lines += ["", Text("Ignored, since their names are no dataset file's: " + ", ".join(view["ignored"]))]
    return Group(*lines)


def about_file(view: View, file: str) -> str:
    """What the dataset's state says of the object whose key is, or ends in, `file`."""
    keys = [version["key"] for version in view["files"] if is_about(version["key"], file)]
    ignored = [key for key in view["ignored"] if is_about(key, file)]
    if ignored:
        return f"{ignored[0]} is ignored: data lie in train/ or validation/ and end in .csv or .csv.gz."
    if not keys:
        return f"There is no object {file} in this dataset."
    record = view["record"]
    if keys[0].endswith("/tuning.json"):
        return f"{keys[0]} is the tuning spec; the reason above already takes it into account."
    if record and any(is_about(keys[0], tuned["path"]) for tuned in record["data"]["files"]):
        return f"{keys[0]} was read by {record['tuning_job']}, which {record['status'].lower()}."
    return f"{keys[0]} is a data file; no tuning job that has ended read it."


def is_about(key: str, file: str) -> bool:
    """Whether a person who says `file` means this key: the whole key or its last parts."""
    return key == file or key.endswith("/" + file.lstrip("/"))


def _headline(view: View) -> Text:
    text = Text(view["dataset"], style="bold")
    text.append(": ", style="not bold")
    return text.append(view["state"], style=STYLES.get(view["state"], "not bold"))


def _decision(view: View) -> list[RenderableType]:
    decided = view["decided"]
    if decided is None:
        return [Text("Nothing was decided yet: the upload's event is on its way, or files are still arriving.")]
    lines: list[RenderableType] = [Text(decided["reason"])]
    since = f"since {moment(decided['since'])}"
    if decided["wake_at"]:
        since += f"; looked at again at {moment(decided['wake_at'])} or on the next event"
    if not view["is_up_to_date"]:
        since += "; files have changed since, and are looked at next"
    return [*lines, Text(since, style="dim")]


def _number(value: Any) -> str:
    return "–" if value is None else number(float(value), 6)
