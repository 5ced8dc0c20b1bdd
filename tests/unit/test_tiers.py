"""What a verb imports is in the packages that the launcher installs for it."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer

from cli.app import app
from cli.machine.locks import lock_of
from cli.paths import ROOT
from tests.support.launcher_machine import bare_machine

IMPORTING = """
import ast, importlib, json, sys
from importlib.metadata import packages_distributions
from pathlib import Path

lock, *modules = sys.argv[1:]
locked = {line.partition("==")[0] for line in Path(lock).read_text().splitlines() if "==" in line}
lacking = {
    module
    for module, distributions in packages_distributions().items()
    if not locked & {name.lower().replace("_", "-").replace(".", "-") for name in distributions}
} - (set() if Path(lock).stem == "cli" else {"local_sagemaker"})


class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in lacking:
            raise ModuleNotFoundError(f"{name} is not in {lock}")


sys.meta_path.insert(0, Lacking())
for module in modules:
    importlib.import_module(module)
packages = ("cli", "chalicelib", "local_sagemaker")
ours = [found for name, found in sys.modules.items() if name.partition(".")[0] in packages]
later = {
    (module.__name__, name)
    for module in ours
    for node in ast.walk(ast.parse(Path(module.__file__).read_text()))
    if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
    for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    if name.partition(".")[0] in lacking
}
print(json.dumps({"modules": len(ours), "lacking": len(lacking), "later": sorted(later)}))
"""


def verbs(of: typer.Typer = app, *group: str) -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
    """Every verb's words and function."""
    for command in of.registered_commands:
        assert command.callback
        yield (*group, command.name or command.callback.__name__), command.callback
    for inner in of.registered_groups:
        assert inner.typer_instance
        assert inner.name
        yield from verbs(inner.typer_instance, inner.name)


def imported_by(verb: Callable[..., Any]) -> set[str]:
    """The modules of ours that its function imports."""
    lines = (line.split() for line in inspect.getsource(verb).splitlines())
    return {words[1] for words in lines if words[:1] == ["from"] and words[2:3] == ["import"]}


@pytest.fixture(scope="module")
def by_tier(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What the verbs import, by the tier that the launcher installs for them."""
    found: dict[str, set[str]] = {}
    for words, function in verbs():
        machine = bare_machine(tmp_path_factory.mktemp("machine"))
        machine.be_root_without_r()
        assert machine.run(*words).returncode == 0
        (tier,) = machine.locks_installed()
        found.setdefault(tier, {"cli.app"}).update(imported_by(function))
    return found


@pytest.mark.parametrize("tier", ["cli", "demo", "local"])
def test_verbs_import_only_what_their_tier_installs(by_tier: dict[str, set[str]], tier: str) -> None:
    assert len(by_tier[tier]) > 1, "no verb of this tier imports anything"

    imported = subprocess.run(
        [sys.executable, "-c", IMPORTING, str(lock_of(ROOT, tier)), *sorted(by_tier[tier])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert imported.returncode == 0, imported.stderr
    found = json.loads(imported.stdout)
    assert found["modules"] > 10
    assert found["lacking"] > 10
    assert found["later"] == []


def test_verbs_of_every_tier_were_found(by_tier: dict[str, set[str]]) -> None:
    assert set(by_tier) == {"cli", "demo", "local", "dev"}
