"""Runs a notebook's code cells from top to bottom, in one namespace, as a person would who presses "run all"."""

import json
import sys
from pathlib import Path
from typing import Any


def code_cells(notebook: Path) -> list[str]:
    """Their sources, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(notebook: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(code_cells(notebook), start=1):
        exec(compile(source, f"{notebook.name}, code cell {number}", "exec"), namespace)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
