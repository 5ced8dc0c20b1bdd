"""Splits a program's output into lines. It passes on all available lines at once: each batch costs a write to disk."""

import codecs
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

LONGEST_LINE = 65536
"""In characters of at most 4 bytes each: CloudWatch Logs accepts events of at most 256 KiB."""
_CHUNK_BYTES = 65536

OnLines = Callable[[Sequence[str]], None]


class LineSplitter:
    """Splits bytes into lines at line feeds, carriage returns or both, and where a line is too long for a log."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._rest = ""

    def read(self, chunk: bytes) -> list[str]:
        """The lines that are complete now; an empty chunk marks the end and returns the rest."""
        *whole, self._rest = (self._rest + self._decoder.decode(chunk, final=not chunk)).split("\n")
        if not chunk and self._rest:
            whole, self._rest = [*whole, self._rest], ""
        lines = [piece for line in whole for piece in _pieces(line)]
        *long, self._rest = _pieces(self._rest)
        return [*lines, *long]


def copy_lines(output: int, log: Path, on_lines: OnLines) -> None:
    """Copy from the file descriptor to the log and then to `on_lines`, until all its writers have ended."""
    lines = LineSplitter()
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
    """Adapt a callback for single lines."""

    def on_lines(lines: Sequence[str]) -> None:
        for line in lines:
            on_line(line)

    return on_lines


def _pieces(line: str) -> list[str]:
    return [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [""]
