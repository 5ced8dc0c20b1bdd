"""Unpacks a function's zip, once, as its task root."""

import hashlib
import io
import os
import shutil
import zipfile
from pathlib import Path
from threading import Lock

_unpacking = Lock()


def unpack(code: bytes, folder: Path) -> Path:
    """Unpack the zip and return its folder, with read-only files as on Lambda. A second call reuses it.

    The folders are read-only only if root runs this: another user could not delete them with `rm -r`."""
    with _unpacking:
        root = folder / hashlib.sha256(code).hexdigest()[:16]
        if not root.exists():
            _unpack(code, root)
        return root


def _unpack(code: bytes, root: Path) -> None:
    half = root.with_suffix(".half")  # a crash while unpacking must not leave half a function behind
    shutil.rmtree(half, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        archive.extractall(half)
    for path in (half, *half.rglob("*")):
        if path.is_file():
            path.chmod(0o555 if os.access(path, os.X_OK) else 0o444)
        elif os.geteuid() == 0:
            path.chmod(0o555)
    half.rename(root)
