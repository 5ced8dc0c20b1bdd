"""The compiled forward pass under the address and undefined-behaviour sanitizers; its results are R's tests' matter."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.paths import CONTAINER

FITS = 1000


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_a_thousand_hostile_tables_leave_no_trace_in_the_sanitizers(tmp_path: Path) -> None:
    program = tmp_path / "fuzz"
    without_r = [file for file in sorted((CONTAINER / "src").glob("*.c")) if not file.stem.endswith("_r")]
    code = [CONTAINER / "tests/src/fuzz.c", *without_r]
    options = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["gcc", *options, f"-I{CONTAINER / 'src'}", *code, "-lm", "-o", program], check=True)

    ran = subprocess.run([program, str(FITS), "1"], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, f"{FITS} fits\n"), ran.stderr
