"""How much the training image weighs, beside what it could be: `.retune/venv/bin/python -m bench.image_size [BASE]`,
at the root of the repository. BASE is the Debian to build on; default: the Dockerfile's own.

Every image is built in this run, by the engine that `./retune image` would take; the builders' talk goes to stderr.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bench.machine import this_machine
from cli.console import ExitCode, Leave
from cli.image import engine
from cli.paths import CONTAINER, ROOT

WITH_PLUMBER = "R_PACKAGES=r-cran-mda r-cran-data.table r-cran-plumber"
BUILT = {
    "classic-like": (f"--file={ROOT}/bench/classic.Dockerfile",),
    "ours, --debug": ("--target=debug",),
    "ours": (),
    "ours with plumber": (f"--build-arg={WITH_PLUMBER}",),
}


@dataclass(frozen=True)
class Weighed:
    """An image. What is pulled is the compressed one."""

    what: str
    size_bytes: int
    gzip_bytes: int


def weigh(builder: engine.Engine, base: str) -> Iterator[Weighed]:
    """Each with its base in it, which comes last. Raises: Leave: one cannot be built."""
    for number, (what, options) in enumerate(BUILT.items()):
        image = f"retune-bench:{number}"
        if not builder.build(CONTAINER, image, (*options, f"--build-arg=BASE_IMAGE={base}")):
            raise Leave(ExitCode.FAILED, f"{what} cannot be built")
        yield weighed(builder, what, image)
        subprocess.run([builder.name, "rmi", image], stdout=sys.stderr, check=False)
    yield weighed(builder, "the base alone", base)


def weighed(builder: engine.Engine, what: str, image: str) -> Weighed:
    return Weighed(what, builder.size_bytes(image) or 0, gzip_bytes(builder, image))


def gzip_bytes(builder: engine.Engine, image: str) -> int:
    """Of the whole image at gzip's usual level."""
    with subprocess.Popen([builder.name, "save", image], stdout=subprocess.PIPE) as save:
        counted = subprocess.run("gzip | wc -c", shell=True, stdin=save.stdout, capture_output=True, check=True)
    return int(counted.stdout)


def default_base() -> str:
    """What the Dockerfile builds on if nobody says otherwise."""
    return str(re.findall(r"^ARG BASE_IMAGE=(.*)", (CONTAINER / "Dockerfile").read_text(), re.MULTILINE)[0])


def main(base: str) -> None:
    """Prints a table with how many times heavier than ours each is."""
    builder = engine.runner()
    images = list(weigh(builder, base))
    ours = next(image for image in images if image.what == "ours")
    out = [f"{this_machine()}; {builder.name}; on {base}"]
    out.append(f"{'image':22}{'MB':>8}{'gzip MB':>9}{'× ours':>8}")
    for image in images:
        times = image.size_bytes / ours.size_bytes
        out.append(f"{image.what:22}{image.size_bytes / 1e6:8.1f}{image.gzip_bytes / 1e6:9.1f}{times:8.1f}")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else default_base())
    except Leave as left:
        sys.exit(str(left))
