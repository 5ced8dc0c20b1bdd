"""What the distribution imports, pip installs with it: in this environment, others install more."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from support.programs.program import ROOT

OPTIONAL = {"pytest"}
"""The pytest plugin is only loaded by pytest."""


def imported() -> Iterator[str]:
    """The top-level names of all absolute imports."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_distribution_that_is_imported_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {normalized(re.split(r"[^\w.-]", one)[0]) for one in project["dependencies"]}

    foreign = set(imported()) - sys.stdlib_module_names - {"local_sagemaker"} - OPTIONAL
    distributions = packages_distributions()
    missing = {name for name in foreign if not declared & {normalized(one) for one in distributions[name]}}

    assert missing == set()
