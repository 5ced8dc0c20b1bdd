"""Each problem has a code beside its words: by it a machine, and the ledger, know the problem in any release."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.paths import ROOT

SOURCES = sorted((ROOT / "chalicelib").rglob("*.py"))
MAKERS = ("Problem", "refused", "_refused")


def problems() -> Iterator[tuple[Path, ast.Call]]:
    """Every call that makes one from words in the source; copies of one that was made before are left out."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and maker(node) in MAKERS and node.args:
                yield file, node


def maker(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def code(call: ast.Call) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)


MADE = list(problems())


def test_the_source_is_really_read() -> None:
    assert len(MADE) > 70


@pytest.mark.parametrize(("file", "call"), MADE, ids=[f"{file.name}:{call.lineno}" for file, call in MADE])
def test_a_problem_has_a_code(file: Path, call: ast.Call) -> None:
    given = code(call)

    assert given is not None
    assert not isinstance(given, ast.Constant) or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(given.value))
