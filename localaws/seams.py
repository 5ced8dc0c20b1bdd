"""Whether moto is what the seams were written for: a fingerprint of each original that they replace or rely on.

After an upgrade of moto, `python -m localaws.seams` names the seams to read again; `--refresh` writes the manifest anew
once they have been read. The price of comparing source text: a changed comment in moto asks for a look, too.
"""

import hashlib
import inspect
import json
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from localaws.moto_seams.keeping import VERSIONS
from localaws.moto_seams.patches import Seam
from localaws.server import LocalAws

MANIFEST = Path(__file__).parent / "moto_seams" / "manifest.json"
ADDED = "added"
Manifest = dict[str, Any]
"""`moto` is its version; `seams` has, for each seam's file, the fingerprint of each attribute."""


def manifest_of(seams: Iterable[Seam]) -> Manifest:
    """What the manifest would hold if the seams were read and found right now."""
    files: dict[str, dict[str, str]] = {}
    for seam in seams:
        files.setdefault(seam.file, {})[seam.attribute] = _fingerprint(seam)
    return {"moto": VERSIONS["moto"], "seams": files}


def to_read_again(written: Manifest, now: Manifest) -> list[str]:
    """A line for each attribute of which what was read no longer holds; none when the two are the same."""
    lines = [] if written["moto"] == now["moto"] else [f"moto is {now['moto']}, the manifest is of {written['moto']}"]
    for file in sorted(written["seams"].keys() | now["seams"].keys()):
        before, after = written["seams"].get(file, {}), now["seams"].get(file, {})
        for attribute in sorted(before.keys() | after.keys()):
            if attribute not in before:
                lines.append(f"{file}: {attribute} is not in the manifest")
            elif attribute not in after:
                lines.append(f"{file}: {attribute} is in the manifest only")
            elif before[attribute] != after[attribute]:
                lines.append(f"{file}: {attribute} has changed")
    return lines


def read() -> Manifest:
    """The manifest as it was written last."""
    written: Manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return written


def _fingerprint(seam: Seam) -> str:
    """Of source text, which is the same under every Python, as neither bytecode nor syntax trees are.

    What moto inherits from Python, such as `object.__setattr__`, has no source in moto: the class that inherits it is
    looked at. A module that moto imports is only named."""
    if seam.original is None:
        return ADDED
    if isinstance(seam.original, ModuleType):
        return f"module {seam.original.__name__}"
    if seam.is_inherited:
        return _hash(inspect.getsource(seam.owner))
    if isinstance(seam.original, property):
        return _hash("".join(inspect.getsource(one) for one in _accessors(seam.original)))
    return _hash(inspect.getsource(getattr(seam.original, "__func__", seam.original)))


def _accessors(found: property) -> list[Callable[..., Any]]:
    return [one for one in (found.fget, found.fset, found.fdel) if one is not None]


def _hash(source: str) -> str:
    lines = (line.rstrip() for line in textwrap.dedent(source).splitlines())
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:16]


def main(refresh: bool) -> int:
    """1 when a seam is to be read again and the manifest stays."""
    with TemporaryDirectory() as home, LocalAws(Path(home), on_published=lambda _: None) as aws:
        now = manifest_of(aws.seams)
    lines = to_read_again(read(), now)
    if refresh:
        MANIFEST.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines or [f"Every seam is as it was read last, with moto {now['moto']}."]) + "\n")
    return 1 if lines and not refresh else 0


if __name__ == "__main__":
    raise SystemExit(main("--refresh" in sys.argv[1:]))
