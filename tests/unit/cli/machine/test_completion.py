"""Completion as a shell asks for it: the script is evaluated, and its function is called with words that are typed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.paths import ROOT
from tests.support.cli_process import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """With a `retune` in `tmp_path` that starts it, as the launcher does."""
    program = tmp_path / "retune"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -P -m cli "$@"\n')
    program.chmod(0o755)
    return Cli(tmp_path / "state")


def bash(script: str, folder: Path) -> list[str]:
    """The lines that it prints."""
    program = shutil.which("bash")
    assert program is not None
    started = [program, "--norc", "--noprofile", "-c", script]
    return subprocess.run(started, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        (["./retune", "expl"], {"explain"}),
        (["./retune", "image", "p"], {"pin", "prune", "push"}),
        (["./retune", "status", "iris", "--js"], {"--json"}),
        (["retune", "completion", ""], {"bash", "zsh"}),
        (["./retune", "submit", "--channel", "v"], {"validation"}),
    ],
)
def test_bash_completes_what_was_typed(cli: Cli, tmp_path: Path, typed: list[str], completed: set[str]) -> None:
    evaluated = f"PATH={tmp_path}:$PATH\n" + cli("completion", "bash").stdout
    words = " ".join(f"'{word}'" for word in typed)
    asked = f"COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _retune_completion {typed[0]}"
    assert set(bash(f"{evaluated}\n{asked}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"", tmp_path)) - {""} == completed


def test_bash_completes_it_by_the_last_part_of_its_path(cli: Cli, tmp_path: Path) -> None:
    registered = bash(f"{cli('completion', 'bash').stdout}\ncomplete -p", tmp_path)
    assert registered == ["complete -o default -F _retune_completion retune"]


def test_zsh_calls_the_program_that_was_typed(cli: Cli) -> None:
    script = cli("completion", "zsh").stdout
    assert "compdef _retune_completion retune" in script
    assert "_RETUNE_COMPLETE=complete_zsh ${(Q)words[1]})" in script
