"""pip's settings of this machine, for what else has to find packages there."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.support.heavy.debian_root import CERTIFICATES, package_folders

_PLACES = ("index-url", "extra-index-url", "find-links")
_BUNDLE = "/run/packages/ca.crt"  # /etc/ssl would be in the way of Debian's package ca-certificates


def mounts(folder: Path) -> list[str]:
    """Return a builder's options that mount what says where packages are. `folder` gets the file of settings; in the
    image remain empty files."""
    file = folder / "pip.conf"
    lines = [f"{name} = {' '.join(value.split())}" for name, value in settings().items() if name in _PLACES]
    file.write_text("\n".join(["[global]", f"cert = {_BUNDLE}", *lines, ""]))
    paths = {str(file): "/etc/pip.conf", CERTIFICATES: _BUNDLE, **{path: path for path in package_folders()}}
    return [f"--volume={here}:{there}:ro" for here, there in paths.items()]


def settings() -> dict[str, str]:
    """By their names without section, such as `index-url`; values of several are separated by white space."""
    words = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    # A variable, which counts more than a file's setting, comes first: `:env:.index-url='…'`.
    lines = [line.partition("=") for line in reversed(said.splitlines())]
    return {name.rpartition(".")[2]: ast.literal_eval(value) for name, _, value in lines if value}
