"""The container's compiled engine, for training jobs that run as processes of this machine."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from cli.console import say
from cli.paths import CONTAINER

SOURCES = CONTAINER / "src"
PROGRAMS = ("R", "gcc", "make")
WITHIN_S = 120


def compile_engine(sources: Path = SOURCES) -> bool:
    """Compile `sources` to `mars.so` beside them, unless that is newer; return whether it is there.

    Without a compiler, or if it fails, training jobs use the package earth instead; that is said."""
    library, files = sources / "mars.so", sorted(sources.glob("*.[ch]"))
    if library.exists() and all(library.stat().st_mtime >= file.stat().st_mtime for file in files):
        return True
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        say(f"Without {' and '.join(missing)}, training jobs use R's earth, not the compiled engine.", style="dim")
        return False
    with tempfile.TemporaryDirectory(dir=sources) as folder:
        for file in files:
            shutil.copy(file, folder)
        code = [file.name for file in files if file.suffix == ".c"]
        built = subprocess.run(
            ["R", "CMD", "SHLIB", "-o", library.name, *code],
            cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
        if built.returncode != 0:
            last = (built.stderr or built.stdout).strip().splitlines()[-1:]
            say(f"The engine does not compile ({' '.join(last)}): training jobs use R's earth.", style="dim")
            return False
        (Path(folder) / library.name).replace(library)  # whole or not at all, also beside another one
    return True
