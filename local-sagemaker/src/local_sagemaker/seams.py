"""Checks whether moto is still what the seams were written for, by a fingerprint of each original that they replace or
rely on.

After an upgrade of moto, `python -m local_sagemaker.seams` names the seams to review; `--refresh` rewrites the manifest
after the review. The price of comparing source text: a changed comment in moto requires a review, too.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from local_sagemaker.moto_seams.common.fingerprints import hashed
from local_sagemaker.moto_seams.common.patches import Seam
from local_sagemaker.moto_seams.persistence import VERSIONS
from local_sagemaker.server import LocalSageMaker

MANIFEST = Path(__file__).parent / "moto_seams" / "manifest.json"
ADDED = "added"
Manifest = dict[str, Any]
"""`moto` is its version; `seams` has, for each seam's file, the fingerprint of each attribute."""


def manifest_of(seams: Iterable[Seam]) -> Manifest:
    """The manifest for the current source of moto."""
    files: dict[str, dict[str, str]] = {}
    for seam in seams:
        files.setdefault(seam.file, {})[seam.attribute] = _fingerprint(seam)
    return {"moto": VERSIONS["moto"], "seams": files}


def to_read_again(written: Manifest, now: Manifest) -> list[str]:
    """One line for each attribute that differs from the manifest."""
    lines = [] if written["moto"] == now["moto"] else [f"moto is {now['moto']}, the manifest is of {written['moto']}"]
    for file in sorted(written["seams"].keys() | now["seams"].keys()):
        before, after = written["seams"].get(file, {}), now["seams"].get(file, {})
        for attribute in sorted(before.keys() | after.keys()):
            if attribute not in before:
                lines.append(f"{file}: {attribute} is not in the manifest")
            elif attribute not in after:
                lines.append(f"{file}: {attribute} is only in the manifest")
            elif before[attribute] != after[attribute]:
                lines.append(f"{file}: {attribute} has changed")
    return lines


def read() -> Manifest:
    """Read the stored manifest."""
    written: Manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return written


def _fingerprint(seam: Seam) -> str:
    """Hash the source text, which unlike bytecode and syntax trees is the same under every Python.

    For what moto inherits from Python, such as `object.__setattr__`, hash the class that inherits it. A module that
    moto imports is only named."""
    if seam.original is None:
        return ADDED
    if isinstance(seam.original, ModuleType):
        return f"module {seam.original.__name__}"
    if seam.is_inherited:
        return hashed(inspect.getsource(seam.owner))
    if isinstance(seam.original, property):
        return hashed("".join(inspect.getsource(one) for one in _accessors(seam.original)))
    return hashed(inspect.getsource(getattr(seam.original, "__func__", seam.original)))


def _accessors(found: property) -> list[Callable[..., Any]]:
    return [one for one in (found.fget, found.fset, found.fdel) if one is not None]


def main(refresh: bool) -> int:
    """Return 1 if a seam needs a review and the manifest was not refreshed."""
    with TemporaryDirectory() as home, LocalSageMaker(Path(home), on_published=lambda _: None) as aws:
        now = manifest_of(aws.seams)
    lines = to_read_again(read(), now)
    if refresh:
        MANIFEST.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(
        "\n".join(lines or [f"No seam has changed since its last review, with moto {now['moto']}."]) + "\n"
    )
    return 1 if lines and not refresh else 0


if __name__ == "__main__":
    raise SystemExit(main("--refresh" in sys.argv[1:]))
