"""How CloudFormation's progress looks: a live table on a terminal, a line for each change elsewhere."""

from collections.abc import Iterable

from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.console import say, talk
from cli.deploy.progress import ResourceProgress, StackProgress

_ROOM = 8
"""Lines of a terminal that the table leaves to what was said before."""


def show(watched: Iterable[StackProgress]) -> StackProgress:
    """Show progress until it is over; the last that was seen."""
    return _live(watched) if talk().is_terminal else _lines(watched)


def _live(watched: Iterable[StackProgress]) -> StackProgress:
    console = talk()
    with Live(console=console, refresh_per_second=8, transient=True) as live:
        for progress in watched:
            live.update(picture(progress, console.height - _ROOM))
    console.print(_summary(progress))
    return progress


def _lines(watched: Iterable[StackProgress]) -> StackProgress:
    said: set[str] = set()
    for progress in watched:
        lines = [line(one) for one in progress.resources]
        for text in (*lines, f"{progress.state.name}  {progress.state.status}"):
            if text not in said:
                said.add(text)
                say(text)
    return progress


def line(one: ResourceProgress) -> str:
    """One change in a log; why, only where it failed."""
    reason = f"  {one.reason}" if one.is_failed else ""
    return f"{one.name}  {short_type(one.type)}  {one.status}{reason}"


def picture(progress: StackProgress, rows: int) -> Table:
    """What is at work and what failed first, then what ended last; at most `rows` resources."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.title = _summary(progress)
    table.title_justify = "left"
    for _ in range(3):
        table.add_column(no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    for one in sorted(progress.resources, key=_rank)[: max(rows, 3)]:
        seconds = (one.at - one.began).total_seconds()
        took = f"{seconds:.0f} s" if one.is_ended else ""
        table.add_row(one.name, Text(short_type(one.type), style="dim"), _status(one), took)
    return table


def short_type(resource_type: str) -> str:
    """`AWS::Lambda::Function` is Lambda::Function."""
    return resource_type.removeprefix("AWS::")


def _rank(one: ResourceProgress) -> tuple[int, float]:
    return (0 if one.is_failed else 2 if one.is_ended else 1, -one.at.timestamp())


def _status(one: ResourceProgress) -> Text:
    style = "red" if one.is_failed else "green" if one.is_ended else "cyan"
    return Text(one.status.replace("_", " ").lower(), style=style)


def _summary(progress: StackProgress) -> Text:
    ended = sum(one.is_ended for one in progress.resources)
    count = f", {ended} of {len(progress.resources)} resources" if progress.resources else ""
    words = progress.state.status.replace("_", " ").lower()
    return Text(f"{progress.state.name}: {words}{count}", style="bold")
