"""`lint` and `test`: every check that guards this code. All of them run, and any that fails fails the whole.

`test` runs pytest last, and then names again the checks that failed before it. Naming test files leaves the other
checks out: someone who does that is working on those tests.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cli.console import ExitCode, say, talk
from cli.machine.compiled import compile_engine
from cli.paths import ROOT, STATE

SHELL_FILES = ("retune", "container/entrypoint", "container/minimal-root", ".ci/run")
# Tests mostly wait for the processes that they start. Those of one file share their local AWS.
SIDE_BY_SIDE = ("-n", str(2 * (os.cpu_count() or 1)), "--dist", "loadfile", "--no-loadscope-reorder")
# tests/support/heavy/groups.py decides which heavy tests share a worker, and which start first.
HEAVY_SIDE_BY_SIDE = ("-n", str(1 + (os.cpu_count() or 1)), "--dist", "loadgroup")
LINT_R = """
cache <- file.path(commandArgs(trailingOnly = TRUE), packageVersion("lintr"))
quit(status = length(print(lintr::lint_dir("container", cache = cache))) > 0)
"""
TOOLS = Path(sys.executable).parent
"""The virtual environment's folder of executables."""


@dataclass(frozen=True)
class Check:
    """One linter or test suite. `complaint` runs it and returns what it found wrong; empty when it passes."""

    name: str
    complaint: Callable[[], str]


def linters() -> tuple[Check, ...]:
    """Return the checks of `lint`, the slowest first, so that the quick ones run beside them."""
    return (
        Check("lintr", tool("Rscript", "-e", LINT_R, str(lintr_cache()))),
        Check("mypy", tool(f"{TOOLS}/mypy", "--no-error-summary")),
        Check("locks", tool(sys.executable, "-m", "cli.machine.locks", "--check")),
        Check("lint-imports", tool(f"{TOOLS}/lint-imports")),
        Check("shellcheck", tool(f"{TOOLS}/shellcheck", *shell_files())),
        Check("hadolint", tool(f"{TOOLS}/hadolint", "container/Dockerfile", "local-sagemaker/Dockerfile")),
        Check("ruff format", tool(f"{TOOLS}/ruff", "format", "--check", "--quiet", ".")),
        Check("ruff check", tool(f"{TOOLS}/ruff", "check", "--quiet", ".")),
    )


def r_tests() -> Check:
    """Return the check that runs the container's R tests."""
    return Check("testthat", tool("Rscript", "container/tests/testthat.R"))


def tool(*command: str) -> Callable[[], str]:
    """Make a check from a command: it fails by its exit code, and its output is the complaint."""

    def complaint() -> str:
        try:
            ended = subprocess.run(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
            )
        except FileNotFoundError:
            return f"{command[0]} is not installed."
        if ended.returncode == 0:
            return ""
        return ended.stdout.rstrip() or f"{command[0]} exited with {ended.returncode}."

    return complaint


def shell_files() -> list[str]:
    """List our plain sh files that exist."""
    return [name for name in SHELL_FILES if (ROOT / name).is_file()]


def lintr_cache(root: Path = ROOT) -> Path:
    """Return lintr's cache folder, one per `.lintr`, because its own cache keys ignore those settings."""
    settings = (root / ".lintr").read_bytes()
    return STATE / "lintr" / hashlib.sha256(settings).hexdigest()[:12]


def lint(fix: bool) -> ExitCode:
    """Run the linters; with `fix` first apply ruff's fixes and format."""
    if fix:
        for command in (("check", "--fix-only", "--quiet", "."), ("format", "--quiet", ".")):
            subprocess.run([f"{TOOLS}/ruff", *command], cwd=ROOT, check=False)
    return ExitCode.FAILED if failing(linters(), "All linters pass") else ExitCode.DONE


def test(everything: bool, pytest_arguments: list[str]) -> int:
    """Run the checks and return pytest's exit code; 1 when pytest passes and another check does not."""
    if took := os.environ.get("RETUNE_INSTALL_S"):
        say(f"Installing took {took} s, which is not counted below.")
    compile_engine()
    if _names_tests(pytest_arguments):
        return pytest("not laptop" if everything else "not heavy", *pytest_arguments)
    failed = failing((r_tests(), *linters()), "All linters and the R tests pass")
    code = pytest("not heavy and not laptop" if everything else "not heavy", *SIDE_BY_SIDE, *pytest_arguments)
    heavy = pytest("heavy", *HEAVY_SIDE_BY_SIDE, *pytest_arguments) if everything else 0
    if failed:
        say(f"Failed before the tests, see above: {', '.join(failed)}", style="bold red")
    return code or heavy or int(bool(failed))


def pytest(marked: str, *arguments: str) -> int:
    """Run pytest and return its exit code."""
    command = [sys.executable, "-m", "pytest", "-m", marked, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def failing(checks: tuple[Check, ...], all_pass: str, workers: int | None = os.cpu_count()) -> list[str]:
    """Run the checks, `workers` at a time, show their complaints, and return the names of those that fail."""
    started = time.monotonic()
    with talk().status("Checking …"), ThreadPoolExecutor(workers) as pool:
        complaints = dict(zip(checks, pool.map(lambda check: check.complaint(), checks), strict=True))
    failed = [check.name for check, complaint in complaints.items() if complaint]
    for check, complaint in complaints.items():
        if complaint:
            say(f"{check.name} fails:\n{complaint}", wrap=False)
    seconds = f"({time.monotonic() - started:.0f} s)"
    if failed:
        say(f"Failed: {', '.join(failed)} {seconds}", style="bold red")
    else:
        say(f"{all_pass} {seconds}", style="green")
    return failed


def _names_tests(arguments: list[str]) -> bool:
    return any((ROOT / argument.partition("::")[0]).exists() for argument in arguments if argument[:1] != "-")
