"""`image build` and `image test`: the training image on this machine, with the same Dockerfile and smoke test as in
CodeBuild."""

import os
import subprocess
import sys
import time
from typing import TextIO
from urllib.parse import urlsplit

from chalicelib.messages.wording import duration
from cli.console import ExitCode, Leave, say
from cli.image import engine
from cli.paths import CONTAINER, ROOT

NAME = "retune-mars"
DEBUG_NAME = f"{NAME}:debug"


def build(tag: str | None, debug: bool, base: str | None) -> ExitCode:
    """Build it and write its name to stdout. A second build takes seconds: only changes are built."""
    name = tag or (DEBUG_NAME if debug else NAME)
    build_by(engine.builder(), name, debug, base)
    say(f"Next: ./retune image test {name}")
    sys.stdout.write(f"{name}\n")
    return ExitCode.DONE


def build_by(builder: engine.Engine, name: str, debug: bool, base: str | None) -> None:
    """Build the image. Raises: Leave: it cannot be built; the builder's output says why."""
    say(f"Building {name} with {builder.name}; the first build takes a minute or two …")
    started = time.monotonic()
    if not builder.build(CONTAINER, name, options(debug, base)):
        raise Leave(ExitCode.FAILED, f"{builder.name} could not build {name}: see its last lines above")
    size = builder.size_bytes(name)
    took = duration(time.monotonic() - started) + (f", {size / 1e6:.0f} MB" if size else "")
    say(f"Built {name} in {took}.")


def test(name: str) -> ExitCode:
    """Run infra/image/smoke-test on it."""
    runner = engine.runner()
    if runner.size_bytes(name) is None:
        raise Leave(ExitCode.NOT_FOUND, f"{runner.name} has no image {name}: ./retune image build --tag {name}")
    return ExitCode.DONE if works(runner, name, sys.stdout) else ExitCode.FAILED


def works(runner: engine.Engine, name: str, output: TextIO) -> bool:
    """Whether it trains and serves iris correctly; if not, the smoke test's output says what fails."""
    say(f"Training and serving iris in {name} with {runner.name}, without network …")
    started = time.monotonic()
    sys.stdout.flush()
    environment = {**os.environ, "ENGINE": runner.name}
    tried = subprocess.run([ROOT / "infra/image/smoke-test", name], env=environment, stdout=output, check=False)
    if tried.returncode == 0:
        say(f"{name} trains and serves ({duration(time.monotonic() - started)})", style="green")
    return tried.returncode == 0


def options(debug: bool, base: str | None) -> list[str]:
    """Return the builder's options besides folder and name: the base, the target, and the source's origin."""
    commit = _git("describe", "--always", "--exclude=*", "--abbrev=40", "--dirty")
    labels = {"revision": commit, "source": public(_git("remote", "get-url", "origin"))}
    words = [f"--label=org.opencontainers.image.{name}={value}" for name, value in labels.items() if value]
    if base:
        words.append(f"--build-arg=BASE_IMAGE={base}")
    if debug:
        words.append("--target=debug")
    return words


def public(remote: str) -> str:
    """Return a remote's URL without credentials; empty if it is not an https URL."""
    parts = urlsplit(remote)
    if parts.scheme != "https" or not parts.hostname:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _git(*words: str) -> str:
    """Return git's output for this folder; empty without git or an answer."""
    try:
        asked = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
