"""What would go and what would stay, as a person reads it."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.deploy.show.progress import short_type
from cli.destroy.inventory import Inventory


def picture(there: Inventory, delete_data: bool) -> RenderableType:
    """The dry run."""
    if there.is_empty:
        return Text(f"Nothing is left of the stack {there.stack}.", style="bold")
    return Group(*_stack(there), *_data(there, delete_data), *_others(there))


def _stack(there: Inventory) -> Iterator[RenderableType]:
    if not there.has_stack:
        yield Text(f"The stack {there.stack} is gone.", style="bold")
        return
    count = f"{len(there.removed)} resources"
    yield Text(f"The stack {there.stack} ({there.state.status}) would be deleted: {count}.", style="bold")
    if there.state.words:
        yield Text(there.state.words, style="yellow")
    by_type: dict[str, list[str]] = {}
    for one in there.removed:
        by_type.setdefault(short_type(one.type), []).append(one.name)
    table = _grid()
    for kind, names in sorted(by_type.items()):
        table.add_row(Text("−", style="red"), kind, ", ".join(names))
    yield Padding(table, (0, 0, 0, 2))
    yield Text("  Its packages in the artifact bucket go too.", style="dim")


def _data(there: Inventory, delete_data: bool) -> Iterator[RenderableType]:
    if there.data:
        title = "Deleted for good" if delete_data else "Stays, and the next deploy goes on with it"
        yield Text(f"\n{title}", style="bold red" if delete_data else "bold cyan")
        table = _grid()
        for one in there.data:
            mark = Text("−", style="red") if delete_data else Text("•", style="dim")
            table.add_row(mark, one.kind, f"{one.name}{f'  ({one.about})' if one.about else ''}")
        yield Padding(table, (0, 0, 0, 2))
        if not delete_data:
            yield Text("  `./retune destroy --delete-data` deletes it too.", style="dim")
    if there.foreign_bucket:
        yield Text(f"\nThe bucket {there.foreign_bucket} was there before the stack: it stays, with EventBridge on.")


def _others(there: Inventory) -> Iterator[RenderableType]:
    if there.others:
        yield Text("\nCarries the stack's tag, and is not the stack's: see to it yourself", style="bold yellow")
        yield from (Text(f"  {arn}") for arn in there.others)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    return grid
