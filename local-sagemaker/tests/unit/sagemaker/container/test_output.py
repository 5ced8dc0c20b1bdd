"""A program's output, cut into lines."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from local_sagemaker.sagemaker.container.output import LONGEST_LINE, LineSplitter, copy_lines


def read(*chunks: bytes) -> list[str]:
    lines = LineSplitter()
    return [line for chunk in (*chunks, b"") for line in lines.read(chunk)]


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([b"a\nb\n"], ["a", "b"]),
        ([b"a\n\nb"], ["a", "", "b"]),
        ([b"10 %\r20 %\r\n30 %\n"], ["10 %", "20 %", "30 %"]),
        ([b"a\r", b"\nb"], ["a", "b"]),
        ([b"a", b"b", b"\n"], ["ab"]),
        (["é".encode()[:1], "é".encode()[1:] + b"\n"], ["é"]),
        ([b"\xff\n"], ["\ufffd"]),
        ([], []),
    ],
)
def test_a_line_ends_where_a_terminal_would_begin_another_one(chunks: list[bytes], lines: list[str]) -> None:
    assert read(*chunks) == lines


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_that_is_too_long_for_a_log_is_cut(end: bytes) -> None:
    assert read(b"x" * (2 * LONGEST_LINE + 1), end) == ["x" * LONGEST_LINE, "x" * LONGEST_LINE, "x"]


def test_a_long_line_is_not_held_back_to_its_end() -> None:
    assert LineSplitter().read(b"x" * (LONGEST_LINE + 1)) == ["x" * LONGEST_LINE]


def test_what_is_there_is_taken_at_once(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"a\nb\nc")
    os.close(writing)
    batches: list[Sequence[str]] = []

    copy_lines(reading, tmp_path / "log.txt", batches.append)

    assert batches == [["a", "b"], ["c"]]
    assert (tmp_path / "log.txt").read_text() == "a\nb\nc\n"
