"""Completion in a shell, by Typer's own scripts: they call `retune` again, with the words so far in the environment.

bash and zsh look a command up by the last part of its path, so one script serves `retune` and `./retune`.
"""

import os

from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script

PROGRAM = "retune"
VARIABLE = "_RETUNE_COMPLETE"


def script(shell: str) -> str:
    """What the shell is to evaluate once. It calls what was typed, which need not lie on PATH."""
    text: str = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell)
    return text.replace(f"complete_zsh {PROGRAM})", "complete_zsh ${(Q)words[1]})")


def prepare() -> None:
    """Let the program answer when such a script calls it."""
    if VARIABLE in os.environ:
        completion_init()
