"""The options of `up`."""

from pathlib import Path

import pytest

from tests.support.cli_process import Cli


@pytest.mark.parametrize("words", [("--chaos", "lose=1"), ("--quota", "jobs=1"), ("--image", "x")])
def test_an_invalid_option_ends_up_before_anything_starts(tmp_path: Path, words: tuple[str, ...]) -> None:
    asked = Cli(tmp_path / "state")("up", *words)

    assert asked.returncode == 2
    assert asked.stdout == "" and asked.stderr.startswith(words[0])
    assert not (tmp_path / "state").exists()
