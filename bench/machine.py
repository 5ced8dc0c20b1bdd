"""Describe the machine of a measurement in one line."""

import os
import platform
import subprocess
from pathlib import Path


def this_machine() -> str:
    """Return text such as `2 cores of AMD EPYC 7B13, 8 GB, Debian GNU/Linux 12, R 4.2.2`."""
    cpu = _after(Path("/proc/cpuinfo").read_text(), "model name\t: ") or platform.machine()
    memory = int((_after(Path("/proc/meminfo").read_text(), "MemTotal:") or "0 kB").split()[0]) / 1e6
    system = (_after(Path("/etc/os-release").read_text(), "PRETTY_NAME=") or platform.system()).strip('"')
    version = subprocess.run(
        ["Rscript", "-e", "cat(format(getRversion()))"], capture_output=True, text=True, check=True
    )
    return f"{len(os.sched_getaffinity(0))} cores of {cpu}, {memory:.0f} GB, {system}, R {version.stdout}"


def _after(text: str, start: str) -> str | None:
    return next((line[len(start) :].strip() for line in text.splitlines() if line.startswith(start)), None)
