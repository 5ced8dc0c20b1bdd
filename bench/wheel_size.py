"""Measure what an installation of the local SageMaker costs: the wheel, and all that pip installs with it.

    .retune/venv/bin/python -m bench.wheel_size

The wheel is built from what is committed, and installed into a new virtual environment, uncompiled. A size is that of
all files that a distribution installs.
"""

import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from bench.machine import this_machine
from cli.paths import ROOT

SHOWN = 8
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@dataclass(frozen=True)
class Installed:
    """A distribution in the new environment."""

    name: str
    size_bytes: int


def main() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    print(f"{this_machine()}, Python {version}")
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        print(f"wheel              {wheel.stat().st_size / 1e3:6.0f} kB")
        show(install(wheel, Path(folder) / "venv"))


def build(folder: Path) -> Path:
    """Build the wheel of the committed files in this folder."""
    archive = folder / "source.tar"
    subprocess.run(["git", "-C", ROOT, "archive", f"--output={archive}", "HEAD:local-sagemaker"], check=True)
    (source := folder / "source").mkdir()
    subprocess.run(["tar", "-C", source, "-xf", archive], check=True)
    subprocess.run([*_PIP, "wheel", "--no-deps", f"--wheel-dir={folder}", source], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> list[Installed]:
    """Install it into a new environment, and return what is there then, the largest first."""
    venv.create(environment)
    python = environment / "bin" / "python"
    subprocess.run([*_PIP, "--python", python, "install", "--no-compile", wheel], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    found = [Installed(one.name, size_bytes(one)) for one in distributions(path=[str(packages)])]
    return sorted(found, key=lambda one: one.size_bytes, reverse=True)


def size_bytes(distribution: Distribution) -> int:
    return sum(Path(str(file.locate())).stat().st_size for file in distribution.files or [])


def show(installed: list[Installed]) -> None:
    print(f"distributions      {len(installed):6}")
    print(f"their size         {sum(one.size_bytes for one in installed) / 1e6:6.0f} MB, of which")
    for one in installed[:SHOWN]:
        print(f"  {one.name:16} {one.size_bytes / 1e6:6.0f} MB")


if __name__ == "__main__":
    main()
