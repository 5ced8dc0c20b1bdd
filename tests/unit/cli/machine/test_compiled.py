"""Compiling the container's engine."""

import os
import shutil
from pathlib import Path

import pytest

from cli.machine.compiled import SOURCES, compile_engine


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for file in SOURCES.glob("*.[ch]"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_the_engine_is_compiled_once_and_again_when_a_source_has_changed(sources: Path) -> None:
    assert compile_engine(sources)
    library = sources / "mars.so"
    first = library.stat().st_mtime_ns

    assert compile_engine(sources)
    assert library.stat().st_mtime_ns == first

    os.utime(sources / "forward.c", ns=(first + 10**9, first + 10**9))
    assert compile_engine(sources)
    assert library.stat().st_mtime_ns != first


def test_nothing_else_is_left_beside_the_sources(sources: Path) -> None:
    before = {path.name for path in sources.iterdir()}

    compile_engine(sources)

    assert {path.name for path in sources.iterdir()} == before | {"mars.so"}


def test_without_a_compiler_it_says_what_is_used_instead(
    sources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert not compile_engine(sources)

    assert "Without R and gcc and make, training jobs use R's earth" in capsys.readouterr().err


def test_a_source_that_does_not_compile_is_told_and_leaves_no_library(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sources / "forward.c").write_text("this is not C\n")

    assert not compile_engine(sources)

    assert "does not compile" in capsys.readouterr().err
    assert not (sources / "mars.so").exists()
