"""This machine: Python, R and its packages, disk space, ports."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

from cli.doctor.finding import Finding
from cli.paths import STATE

R_PACKAGES = ("mda", "earth", "data.table", "plumber")
LEAST_FREE_BYTES = 1 << 30


def machine() -> Iterator[Finding]:
    """Check what the local AWS and its training jobs need."""
    yield Finding("Python", True, f"{sys.version.split()[0]} in {sys.prefix}")
    yield from _r()
    free = shutil.disk_usage(STATE if STATE.exists() else STATE.parent).free
    yield Finding("disk", free > LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free", "free some space: ./retune clean")
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
            return Finding("ports", True, f"127.0.0.1 has free ports, such as {server.getsockname()[1]}")
    except OSError as error:
        return Finding("ports", False, str(error), "allow listening on 127.0.0.1")
