"""Ctrl-C where no verb is at work: while the command line loads, and while the interpreter ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
RUN = "import runpy, sys; sys.argv = ['retune', 'prices', '--help']; runpy.run_module('cli', run_name='__main__')"
WHEN_TYPER_IS_IMPORTED = """
import signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
"""
WHEN_IT_ENDS = "import atexit; atexit.register(print, 'ends', flush=True)\n"


def python(script: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", script]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_while_it_loads_it_ends_at_once_without_a_word() -> None:
    process = python(WHEN_TYPER_IS_IMPORTED + RUN)

    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == -signal.SIGINT


def test_while_the_interpreter_ends_the_verbs_exit_code_stands() -> None:
    process = python(WHEN_IT_ENDS + RUN)
    assert process.stdout is not None
    assert "ends\n" in iter(process.stdout.readline, "")

    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.001)

    assert process.returncode == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
