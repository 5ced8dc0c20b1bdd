"""`doctor`: what this machine and the target have, and how to mend what they lack."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table
from rich.text import Text

from chalicelib.aws.images import Images
from cli import up_state
from cli.paths import STATE
from cli.stack import NoStack, RunsAlone, Stack, find_stack
from cli.talk import ExitCode, page, write_json
from cli.target import NoTarget, Target, resolve

R_PACKAGES = ("mda", "data.table", "plumber")
LEAST_FREE_BYTES = 1 << 30
MARKS = {True: Text("✓", style="green"), False: Text("✗", style="red"), None: Text("–", style="dim")}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `ok` is None for what is absent and need not be there."""

    name: str
    ok: bool | None
    what: str
    fix: str = ""


def run(as_json: bool, local: bool, aws: bool) -> ExitCode:
    """0 when nothing needs mending."""
    findings = [*_machine(), *_target(local, aws)]
    if as_json:
        write_json([asdict(finding) for finding in findings])
    else:
        page().print(_table(findings))
    return ExitCode.FAILED if any(finding.ok is False for finding in findings) else ExitCode.DONE


def _machine() -> Iterator[Finding]:
    yield Finding("Python", True, f"{sys.version.split()[0]} in {sys.prefix}")
    yield from _r()
    free = shutil.disk_usage(STATE if STATE.exists() else STATE.parent).free
    yield Finding("disk", free > LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free", "make room: ./retune clean")
    yield _ports()


def _r() -> Iterator[Finding]:
    rscript = shutil.which("Rscript")
    if rscript is None:
        yield Finding("R", False, "is not installed", "apt-get install --no-install-recommends r-base-core")
        return
    there = "cat(R.version$major, R.version$minor, sep = '.')"
    yield Finding("R", True, f"{_ask_r(there)} at {rscript}")
    for name in R_PACKAGES:
        version = _ask_r(f"cat(tryCatch(as.character(packageVersion('{name}')), error = \\(e) ''))")
        fix = f"apt-get install --no-install-recommends r-cran-{name}"
        yield Finding(f"R's {name}", bool(version), version or "is not installed", fix)


def _ask_r(expression: str) -> str:
    asked = subprocess.run(["Rscript", "-e", expression], capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _ports() -> Finding:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return Finding("ports", True, f"127.0.0.1 gives free ones, such as {server.getsockname()[1]}")
    except OSError as error:
        return Finding("ports", False, str(error), "allow listening on 127.0.0.1")


def _target(local: bool, aws: bool) -> Iterator[Finding]:
    pid = up_state.holder()
    yield Finding("local AWS", True if pid else None, f"up, as process {pid}" if pid else "none is up")
    try:
        target = resolve(local, aws)
    except NoTarget as error:
        yield Finding("target", False if local or aws else None, str(error))
        return
    try:
        stack = find_stack(target)
        yield Finding("target", True, str(target))
    except RunsAlone:
        yield Finding("target", True, str(target))
        yield Finding("stack", None, "this local AWS runs without Retune (--only-aws)")
        return
    except NoStack as error:
        yield Finding("stack", False, str(error), "deploy it there, or set RETUNE_STACK to its name")
        return
    except (BotoCoreError, ClientError) as error:
        yield Finding("target", False, str(error), "is it up, and are the credentials right?")
        return
    yield Finding("stack", True, f"{stack.name}: bucket {stack.bucket_name}")
    yield _image(target, stack)


def _image(target: Target, stack: Stack) -> Finding:
    current = Images(target.client("ecr"), stack.image_repository).current()
    fix = "push a change to container/, or start the CodeBuild project"
    return Finding("image", current is not None, current or "none has been published", fix)


def _table(findings: list[Finding]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        fix = f"\n→ {finding.fix}" if finding.ok is False and finding.fix else ""
        table.add_row(MARKS[finding.ok], finding.name, Text(finding.what + fix))
    return table
