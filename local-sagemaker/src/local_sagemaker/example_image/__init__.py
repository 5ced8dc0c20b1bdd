"""The image `example`: kernel ridge regression as a training and serving program under SageMaker's container contract.

It runs under this Python, because another one may lack numpy.
"""

import shlex
import sys
from pathlib import Path

REPOSITORY = "example"


def write_program(folder: Path) -> None:
    """Write the image's `entrypoint`. A program in the package would depend on its installer to keep it executable."""
    package = Path(__file__).resolve().parent
    words = [sys.executable, "-P", "-m", __name__]
    text = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(package.parents[1]))} exec {shlex.join(words)} "$@"\n'
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "entrypoint"
    program.write_text(text)
    program.chmod(0o755)
