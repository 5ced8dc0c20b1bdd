"""What a program prints, as lines: as many at a time as are there, for each batch costs its takers a write to disk."""

import codecs
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

LONGEST_LINE = 65536
"""Characters, each of at most 4 bytes: CloudWatch Logs takes events of at most 256 KiB."""
_CHUNK_BYTES = 65536

OnLines = Callable[[Sequence[str]], None]


class Lines:
    """Cuts bytes into lines: at line feeds, carriage returns and both; and where one is too long for a log."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._rest = ""

    def read(self, chunk: bytes) -> list[str]:
        """The lines that are whole now; an empty chunk is the end, and gives what is left."""
        *whole, self._rest = (self._rest + self._decoder.decode(chunk, final=not chunk)).split("\n")
        if not chunk and self._rest:
            whole, self._rest = [*whole, self._rest], ""
        lines = [piece for line in whole for piece in _pieces(line)]
        *long, self._rest = _pieces(self._rest)
        return [*lines, *long]


def copy_lines(output: int, log: Path, on_lines: OnLines) -> None:
    """What comes out of this file descriptor, into the log and then to `on_lines`, until all who write to it end."""
    lines = Lines()
    with log.open("a", encoding="utf-8") as file:
        while True:
            chunk = os.read(output, _CHUNK_BYTES)
            found = lines.read(chunk)
            if found:
                file.write("".join(f"{line}\n" for line in found))
                file.flush()
                on_lines(found)
            if not chunk:
                return


def each(on_line: Callable[[str], None]) -> OnLines:
    """For a taker of single lines."""

    def on_lines(lines: Sequence[str]) -> None:
        for line in lines:
            on_line(line)

    return on_lines


def _pieces(line: str) -> list[str]:
    return [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [""]
