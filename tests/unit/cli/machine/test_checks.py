"""Linters side by side: which fail, what they say, and what is kept between two runs."""

import sys
from pathlib import Path

import pytest

from cli.machine import checks
from cli.machine.checks import Check, failing, tool

PYTHON = sys.executable


def test_each_check_that_fails_is_named_and_shows_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    wordy = tool(PYTHON, "-c", "print('a.py:1: too long'); print('a.py:9: unused'); exit(3)")
    tried = (Check("style", wordy), Check("types", tool(PYTHON, "-c", "print('fine')")), Check("locks", lambda: "old"))

    assert failing(tried, "All pass") == ["style", "locks"]

    said = capsys.readouterr()
    assert said.out == ""
    assert "style fails:\na.py:1: too long\na.py:9: unused\n" in said.err
    assert "locks fails:\nold\n" in said.err
    assert "Failed: style, locks (" in said.err
    assert "fine" not in said.err and "All pass" not in said.err


def test_checks_that_pass_say_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert failing((Check("style", lambda: ""), Check("types", tool(PYTHON, "-c", ""))), "All pass") == []
    assert capsys.readouterr().err.startswith("All pass (")


def test_checks_run_side_by_side(tmp_path: Path) -> None:
    def waiting_for(other: str, own: str) -> Check:
        """Passes as soon as the other one has begun, which it never has if they run one after another."""
        wait = f"import time\nfor _ in range(3000):\n  if p.exists(): break\n  time.sleep(0.01)\nelse: exit('{other}')"
        script = f"from pathlib import Path\np = Path('{tmp_path}/{other}')\nPath('{tmp_path}/{own}').touch()\n{wait}"
        return Check(own, tool(PYTHON, "-c", script))

    assert failing((waiting_for("b", "a"), waiting_for("a", "b")), "All pass", workers=2) == []


def test_a_tool_that_fails_without_a_word_or_is_not_there_is_no_pass() -> None:
    assert "exited with 7" in tool(PYTHON, "-c", "exit(7)")()
    assert tool("no-such-linter", "--quiet")() == "no-such-linter is not installed."


def test_lintr_forgets_what_it_found_when_its_settings_change(tmp_path: Path) -> None:
    settings = tmp_path / ".lintr"
    settings.write_text("linters: line_length_linter(120)\n")
    before = checks.lintr_cache(tmp_path)
    assert checks.lintr_cache(tmp_path) == before

    settings.write_text("linters: line_length_linter(80)\n")

    assert checks.lintr_cache(tmp_path) != before
