"""`test`: every check that guards this code, cheapest first; all of them run, and any that fails fails the
whole. pytest comes last, so that the last line is its own. Naming test files leaves the linters out: who does
that is at work on these tests.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cli.console import say
from cli.paths import ROOT

SHELL_FILES = ("retune", "container/entrypoint", "container/minimal-root", ".ci/run")
# Tests mostly wait for the processes that they start. Those of one file share their local AWS.
SIDE_BY_SIDE = ("-n", str(2 * (os.cpu_count() or 1)), "--dist", "loadfile", "--no-loadscope-reorder")
# Which of the heavy ones share a worker, and which start first: tests/support/heavy_groups.py.
HEAVY_SIDE_BY_SIDE = ("-n", str(1 + (os.cpu_count() or 1)), "--dist", "loadgroup")
LINT_R = 'quit(status = length(print(lintr::lint_dir("container"))) > 0)'


@dataclass(frozen=True)
class Check:
    """One tool, as it is run at the root."""

    name: str
    command: tuple[str, ...]


def checks(tools: Path) -> tuple[Check, ...]:
    """The linters, and the tests in R; `tools` is the virtual environment's folder of executables."""
    return (
        Check("ruff format", (f"{tools}/ruff", "format", "--check", "--quiet", ".")),
        Check("ruff check", (f"{tools}/ruff", "check", "--quiet", ".")),
        Check("shellcheck", (f"{tools}/shellcheck", *shell_files())),
        Check("hadolint", (f"{tools}/hadolint", "container/Dockerfile")),
        Check("lint-imports", (f"{tools}/lint-imports",)),
        Check("lintr", ("Rscript", "-e", LINT_R)),
        Check("testthat", ("Rscript", "container/tests/testthat.R")),
        Check("mypy", (f"{tools}/mypy", "--no-error-summary")),
    )


def shell_files() -> list[str]:
    """Every plain sh file of ours that is there."""
    return [name for name in SHELL_FILES if (ROOT / name).is_file()]


def run(everything: bool, pytest_arguments: list[str]) -> int:
    """pytest's exit code; 1 when pytest passes and another check does not."""
    if took := os.environ.get("RETUNE_INSTALL_S"):
        say(f"Installing took {took} s, which is not counted below.")
    if _names_tests(pytest_arguments):
        return pytest("not laptop" if everything else "not heavy", *pytest_arguments)
    failed = lint()
    code = pytest("not heavy and not laptop" if everything else "not heavy", *SIDE_BY_SIDE, *pytest_arguments)
    heavy = pytest("heavy", *HEAVY_SIDE_BY_SIDE, *pytest_arguments) if everything else 0
    return code or heavy or int(bool(failed))


def pytest(marked: str, *arguments: str) -> int:
    """Its exit code."""
    command = [sys.executable, "-m", "pytest", "-m", marked, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def lint() -> list[str]:
    """Run them and show what those say that fail; their names."""
    started = time.monotonic()
    failed = [check.name for check in checks(Path(sys.executable).parent) if not passes(check)]
    seconds = f"({time.monotonic() - started:.0f} s)"
    if failed:
        say(f"Failed: {', '.join(failed)} {seconds}", style="bold red")
    else:
        say(f"All linters and the R tests pass {seconds}", style="green")
    return failed


def passes(check: Check) -> bool:
    """Whether the tool is content; if not, what it says is shown."""
    ended = subprocess.run(
        check.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if ended.returncode != 0:
        say(f"{check.name} fails:\n{ended.stdout.rstrip()}")
    return ended.returncode == 0


def _names_tests(arguments: list[str]) -> bool:
    return any((ROOT / argument.partition("::")[0]).exists() for argument in arguments if argument[:1] != "-")
