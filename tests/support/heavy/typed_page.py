"""A page of documentation as one shell script, which types its blocks from top to bottom and says where each begins.

The word behind a fence says how a block is meant: `sh up` stays up, and its export lines are pasted into the shell of
the blocks that follow; `python pytest` is a file of tests; everything else runs to its end.
"""

import re
from collections.abc import Iterable

from tests.support.heavy.doc_blocks import Block

TESTS = "test_page.py"
_BEGINS = "== block at line"
_UP_WITHIN_S = 120


def script(blocks: Iterable[Block]) -> str:
    """Return a script for `sh -eu`, to be run in an empty folder."""
    return "\n".join([*(f"echo '{_BEGINS} {one.line}'\n{_typed(one)}" for one in blocks), _LEAVE])


def said_by(blocks: Iterable[Block], output: str) -> dict[Block, str]:
    """Return what each block said. Raises: KeyError: one was not reached."""
    parts = re.split(rf"^{_BEGINS} (\d+)$", output, flags=re.MULTILINE)
    said = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    return {block: said[block.line] for block in blocks}


def _typed(block: Block) -> str:
    match block.language, block.who:
        case "python", "pytest":
            return _heredoc(f"cat >{TESTS}", block.source)
        case "python", _:
            return _heredoc("python -", block.source)
        case "sh", "up":
            return _UP.format(command=block.source.strip())
    return block.source


def _heredoc(command: str, text: str) -> str:
    return f"{command} <<'END_OF_BLOCK'\n{text}END_OF_BLOCK"


_UP = f"""{{command}} >up.txt 2>&1 &
up=$!
seconds=0
until grep -q '^Up until' up.txt; do
  if ! kill -0 "$up" || [ "$seconds" = {_UP_WITHIN_S} ]; then cat up.txt; exit 1; fi
  seconds=$((seconds + 1))
  sleep 1
done
cat up.txt
eval "$(grep -E '^  (export|unset) ' up.txt)\""""
_LEAVE = 'if [ -n "${up:-}" ]; then kill "$up"; wait "$up"; fi'
