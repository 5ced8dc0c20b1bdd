"""A dataset's view, rendered for people."""

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chalicelib.messages.wording import measure_rows, model_sentence, number
from cli.console import moment
from cli.data.progress import short
from cli.data.views import View

STYLES = {"completed": "green", "failed": "red", "refused": "red", "running": "cyan", "waiting": "yellow"}


def overview(views: list[View]) -> RenderableType:
    """Tabulate all datasets, one per row."""
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
    """Show one dataset: its state, the reason, and every attempt so far."""
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
    """Show the champion: its objective, other errors, hyperparameters and model."""
    record = view["best"]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    objective = record["objective"]
    grid.add_row(objective["name"], number(objective["value"], 6))
    for label, value in measure_rows(record["best"]):
        grid.add_row(label, value)
    for note in record["best"].get("notes", ()):
        grid.add_row("note", note)
    for name, value in sorted(record["best"]["hyperparameters"].items()):
        if not name.startswith("_"):
            grid.add_row(name, short(str(value)))
    grid.add_row("training job", record["best"]["training_job"])
    grid.add_row("tuning job", record["tuning_job"])
    if sentence := model_sentence(record["best"]):
        grid.add_row("engine", sentence)
    grid.add_row("model", record["best"]["model_uri"])
    return grid


def explain(view: View, file: str | None, plan: list[str]) -> RenderableType:
    """Explain the last decision and how training jobs fit or, with `file`, that file's part in it."""
    lines: list[RenderableType] = [_headline(view), *_decision(view)]
    if file is not None:
        lines += ["", Text(about_file(view, file))]
        return Group(*lines)
    best_of = (view.get("record") or {}).get("best") or {}
    if sentence := model_sentence(best_of):
        lines += ["", Text(f"The best model of {view['record']['tuning_job']}: {sentence}")]
    if view["ignored"]:
        lines += ["", Text("Ignored, because these are not names of dataset files: " + ", ".join(view["ignored"]))]
    if plan:
        lines += ["", *(Text(sentence) for sentence in plan)]
    return Group(*lines)


def about_file(view: View, file: str) -> str:
    """Explain what became of the object whose key is, or ends in, `file`."""
    keys = [version["key"] for version in view["files"] if is_about(version["key"], file)]
    ignored = [key for key in view["ignored"] if is_about(key, file)]
    if ignored:
        return f"{ignored[0]} is ignored: data files are in train/ or validation/ and end in .csv or .csv.gz."
    if not keys:
        return f"There is no object {file} in this dataset."
    record = view["record"]
    if keys[0].endswith("/tuning.json"):
        return f"{keys[0]} is the tuning spec; the reason above already takes it into account."
    if record and any(is_about(keys[0], tuned["path"]) for tuned in record["data"]["files"]):
        return f"{keys[0]} was read by {record['tuning_job']}, which {record['status'].lower()}."
    return f"{keys[0]} is a data file; no tuning job that read it has ended."


def is_about(key: str, file: str) -> bool:
    """Whether `file` means this key: it is the whole key, or its last parts."""
    return key == file or key.endswith("/" + file.lstrip("/"))


def _headline(view: View) -> Text:
    text = Text(view["dataset"], style="bold")
    text.append(": ", style="not bold")
    return text.append(view["state"], style=STYLES.get(view["state"], "not bold"))


def _decision(view: View) -> list[RenderableType]:
    decided = view["decided"]
    if decided is None:
        return [Text("No decision yet: the upload's event is on its way, or files are still arriving.")]
    lines: list[RenderableType] = [Text(decided["reason"])]
    since = f"since {moment(decided['since'])}"
    if decided["wake_at"]:
        since += f"; next check at {moment(decided['wake_at'])} or on the next event"
    if not view["is_up_to_date"]:
        since += "; files have changed since then and will be checked next"
    return [*lines, Text(since, style="dim")]


def _number(value: Any) -> str:
    return "–" if value is None else number(float(value), 6)
