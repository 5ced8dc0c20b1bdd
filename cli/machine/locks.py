"""The lock files: every package of a tier pinned with its hashes, for each Python that is supported.

`python -m cli.machine.locks` updates them after a change to the requirements and keeps every pin that still fits;
`--upgrade` takes the newest versions instead, and `--check` only reports stale lock files. A lower tier has the pins of
the highest, so that one environment grows from tier to tier and nothing in it changes.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cli.paths import ROOT

TIERS = ("cli", "demo", "local", "bench", "dev")
"""From the lowest to the highest; each includes the one before it."""
OLDEST_PYTHON = "3.11"
_INPUTS = "# Inputs: "


def lock_of(root: Path, tier: str) -> Path:
    """Return the path of the tier's lock file."""
    return root / "locks" / f"{tier}.txt"


def stale(root: Path) -> list[str]:
    """List the lock files that were not made from the current requirements, as paths from the root."""
    locks = ((lock_of(root, tier), inputs_hash(root, tier)) for tier in TIERS)
    return [str(lock.relative_to(root)) for lock, expected in locks if _hash_in(lock) != expected]


def inputs_hash(root: Path, tier: str) -> str:
    """Hash the tier's requirements, and those that they include, with SHA-256."""
    digest = hashlib.sha256()
    for file in _inputs(root / f"requirements-{tier}.txt"):
        digest.update(f"{file.name}\n{file.read_text(encoding='utf-8')}\n".encode())
    return digest.hexdigest()


def remake(root: Path, *, upgrade: bool = False) -> None:
    """Resolve the highest tier, then each lower one with its pins. Raises: subprocess.CalledProcessError."""
    highest = TIERS[-1]
    _compile(root, highest, *(["--upgrade"] if upgrade else []))
    for tier in TIERS[:-1]:
        _compile(root, tier, "--constraints", str(lock_of(root, highest).relative_to(root)))


def _inputs(file: Path) -> Iterator[Path]:
    yield file
    for included in re.findall(r"^-r (\S+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
        yield from _inputs(file.parent / included)


def _hash_in(lock: Path) -> str | None:
    if not lock.is_file():
        return None
    found = re.search(rf"^{_INPUTS}([0-9a-f]{{64}})$", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return found and found[1]


def _compile(root: Path, tier: str, *options: str) -> None:
    lock = lock_of(root, tier)
    lock.parent.mkdir(exist_ok=True)
    uv = (str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--native-tls")
    pinning = ("--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes")
    naming_no_index = ("--no-config", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate")
    files = (f"requirements-{tier}.txt", "--output-file", str(lock.relative_to(root)))
    subprocess.run([*uv, *pinning, *naming_no_index, *options, *files], cwd=root, check=True, stdout=subprocess.DEVNULL)
    pins = lock.read_text(encoding="utf-8")
    header = "# Made by `python -m cli.machine.locks`; change requirements-*.txt instead.\n"
    lock.write_text(f"{header}{_INPUTS}{inputs_hash(root, tier)}\n{pins}", encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        remake(ROOT, upgrade="--upgrade" in sys.argv[1:])
    if found := stale(ROOT):
        sys.exit(f"Stale: {', '.join(found)}. Update them: .retune/venv/bin/python -m cli.machine.locks")
