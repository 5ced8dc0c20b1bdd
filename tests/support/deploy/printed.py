"""What a person sees at 80 columns, without colours."""

import io

from rich.console import Console, RenderableType


def printed(shown: RenderableType) -> str:
    """The text as it stands on a terminal."""
    console = Console(width=80, file=io.StringIO(), highlight=False, color_system=None)
    console.print(shown)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()
