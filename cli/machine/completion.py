"""Shell completion with Typer's own scripts, which call `retune` with the words so far in the environment.

bash and zsh look a command up by the last part of its path, so one script serves `retune` and `./retune`.
"""

import os

from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script

PROGRAM = "retune"
VARIABLE = "_RETUNE_COMPLETE"


def script(shell: str) -> str:
    """Return the script for the shell to evaluate. It calls the program as typed, which need not be on PATH."""
    text: str = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell)
    return text.replace(f"complete_zsh {PROGRAM})", "complete_zsh ${(Q)words[1]})")


def prepare() -> None:
    """Set up the answer to a call by such a script."""
    if VARIABLE in os.environ:
        completion_init()
