"""The app as AWS takes it: one zip and one SAM template, as `chalice package` makes them.

Made once per content: a second call finds both in the cache, and two at once do no harm, since each works in a
folder of its own and the last step is a rename.
"""

import compileall
import hashlib
import json
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.console import ExitCode, Leave

CONFIG = ".chalice/config.json"
INPUTS = ("app.py", "chalicelib", "requirements.txt", CONFIG, "infra/resources.json")
ARCHITECTURES = ("x86_64", "arm64")
"""What Lambda functions run on; the first unless something else is said."""
_CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
_KEPT = 3
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class NotPackaged(Leave):
    """`chalice package` failed; the message ends with what it said."""

    def __init__(self, said: str):
        super().__init__(ExitCode.FAILED, f"The app could not be packaged:\n{said.strip()}")


@dataclass(frozen=True)
class Packaged:
    """The SAM template, whose `CodeUri`s name no place yet, and the zip that belongs there."""

    template: dict[str, Any]
    zip_path: Path


def package(project: Path, cache: Path, region: str, architecture: str = ARCHITECTURES[0]) -> Packaged:
    """Package what is in `project` now. A second call on the same content answers from `cache`.

    The template takes no other value of `Architecture`: the zip has compiled parts. Raises: NotPackaged."""
    place = cache / content_hash(project, architecture)
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".making-") as making:
            _publish(_make(project, Path(making), region, architecture), place)
        _forget_old(cache, place)
    return Packaged(json.loads((place / "sam.json").read_text()), place / "deployment.zip")


def content_hash(project: Path, architecture: str = ARCHITECTURES[0]) -> str:
    """What the package depends on: the inputs, the Python that packages, and how it is done here."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {architecture}\n".encode())
    files = sorted(path for name in INPUTS for path in _files(project / name))
    for path in (*files, Path(__file__)):
        name = path.relative_to(project) if path.is_relative_to(project) else path.name
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]


def _files(path: Path) -> Iterator[Path]:
    inside = path.rglob("*") if path.is_dir() else (path,)
    return (found for found in inside if found.is_file() and found.suffix != ".pyc")


def _make(project: Path, making: Path, region: str, architecture: str) -> Path:
    """Run chalice on a copy, so that nothing but the inputs can get into the zip."""
    copy, out = making / "project", making / "out"
    _copy_inputs(project, copy)
    _change(copy / CONFIG, lambda config: config.update(lambda_architecture=architecture))
    command = [sys.executable, "-c", _CHALICE, "package", "--merge-template", INPUTS[-1], str(out)]
    environment = {**os.environ, "AWS_DEFAULT_REGION": region, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    # Chalice leaves out what has no wheel for Lambda, and only warns.
    if done.returncode != 0 or "Could not install dependencies" in done.stdout:
        raise NotPackaged(done.stdout[-3000:])
    only = {"Default": architecture, "AllowedValues": [architecture]}
    _change(out / "sam.json", lambda sam: sam["Parameters"]["Architecture"].update(only))
    _add_bytecode(out / "deployment.zip", making / "unpacked")
    return out


def _copy_inputs(project: Path, copy: Path) -> None:
    for name in INPUTS:
        source, target = project / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=_NOT_SHIPPED) if source.is_dir() else shutil.copy(source, target)


def _change(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def _add_bytecode(archive: Path, unpacked: Path) -> None:
    """Compile what is in the zip: a Lambda cannot keep bytecode, so each cold start would compile it all again.

    Unchecked, because Lambda's file times are not the zip's."""
    with zipfile.ZipFile(archive) as before:
        before.extractall(unpacked)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(unpacked, quiet=2, stripdir=str(unpacked), invalidation_mode=mode)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as after:
        for path in sorted(path for path in unpacked.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(unpacked).as_posix(), _ZIP_EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, path.read_bytes())


def _publish(out: Path, place: Path) -> None:
    try:
        out.rename(place)
    except OSError:
        if not place.exists():  # else another process made the same meanwhile
            raise


def _forget_old(cache: Path, place: Path) -> None:
    """Keep the newest few; never the one just made, nor one that is being made."""
    others = [path for path in cache.iterdir() if path != place and not path.name.startswith(".")]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
