"""How progress looks: a live table on a terminal, a line for each change elsewhere."""

import math
from collections.abc import Iterable

from rich.live import Live
from rich.table import Table
from rich.text import Text

from chalicelib.messages import wording
from cli.console import say, talk
from cli.data.watch import Progress, WatchedJob

STYLES = {"Completed": "green", "Failed": "red", "Stopped": "yellow", "InProgress": "cyan"}


def follow(watched: Iterable[Progress]) -> Progress:
    """Show progress until it is over; the last state seen."""
    console = talk()
    return _live(watched) if console.is_terminal else _lines(watched)


def _live(watched: Iterable[Progress]) -> Progress:
    console = talk()
    with Live(console=console, refresh_per_second=8, vertical_overflow="visible") as live:
        for progress in watched:
            rows = len(progress.training_jobs) if progress.is_over else console.height - 6
            live.update(_picture(progress, rows))
    return progress


def _lines(watched: Iterable[Progress]) -> Progress:
    said: set[str] = set()
    for progress in watched:
        for line in _all_lines(progress):
            if line not in said:
                said.add(line)
                say(line)
    return progress


def _all_lines(progress: Progress) -> list[str]:
    ended = [job for job in progress.training_jobs if job.status not in ("InProgress", "Stopping")]
    reason = [] if progress.is_over else [progress.reason]
    return reason + [_line(job) for job in sorted(ended, key=lambda job: job.name)]


def _line(job: WatchedJob) -> str:
    settings = " ".join(f"{name}={short(value)}" for name, value in sorted(job.hyperparameters.items()))
    ending = f"mse {aligned(job.objective)}" if job.objective is not None else job.failure or "no objective"
    return f"{job.name}  {settings}  {job.status.lower()}  {ending}  {seconds(job.seconds)}"


def _picture(progress: Progress, rows: int) -> Table | Text:
    if not progress.training_jobs:
        return Text(progress.reason, style="dim")
    return jobs_table(progress.training_jobs, progress.max_jobs, rows)


def jobs_table(jobs: tuple[WatchedJob, ...], max_jobs: int, rows: int) -> Table:
    """The last `rows` training jobs, the best in bold; fits 80 columns with four hyperparameters."""
    names = sorted({name for job in jobs for name in job.hyperparameters})
    best = min((job for job in jobs if job.status == "Completed"), key=_rank, default=None)
    table = _empty_table(names)
    ended = sum(job.status not in ("InProgress", "Stopping") for job in jobs)
    table.title = f"{ended} of {max_jobs or len(jobs)} training jobs have ended"
    table.caption = "\n".join(f"{number}: {job.failure}" for number, job in enumerate(jobs, 1) if job.failure)
    for number, job in list(enumerate(jobs, start=1))[-max(rows, 1) :]:
        is_best = job is best
        table.add_row(
            str(number),
            *(short(job.hyperparameters.get(name, "")) for name in names),
            "" if job.objective is None else aligned(job.objective),
            seconds(job.seconds),
            Text(_ending(job, is_best), style=STYLES.get(job.status, "")),
            style="bold" if is_best else "",
        )
    return table


def aligned(value: float) -> str:
    """Six digits, with the zeros at their end; of a large number the whole."""
    return wording.number(value, 6) if abs(value) >= 1e6 else f"{value:#.6g}"


def _rank(job: WatchedJob) -> tuple[float, str]:
    """Of two that are equally good the earlier is the best: their names are numbered."""
    return (math.inf if job.objective is None else job.objective, job.name)


def _empty_table(names: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.title_justify = table.caption_justify = "left"
    table.add_column("", justify="right", style="dim")
    for name in (*names, "mse", "time"):
        table.add_column(name, justify="right")
    table.add_column("", no_wrap=True)
    return table


def short(value: str) -> str:
    """A hyperparameter's value in at most ten characters or so: 0.0035178945213 is 0.0035179."""
    try:
        return value if value.lstrip("-").isdigit() else f"{float(value):.5g}"
    except ValueError:
        return value


def seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"


def _ending(job: WatchedJob, is_best: bool) -> str:
    words = {"InProgress": "running", "Completed": "best" if is_best else "done"}
    return words.get(job.status, job.status.lower())
