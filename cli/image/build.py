"""`image build` and `image test`: the training image on this machine, from the same Dockerfile and through the same
smoke test as in CodeBuild."""

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
    """Build it and write its name to stdout. A second time takes seconds: only what has changed is built."""
    name = tag or (DEBUG_NAME if debug else NAME)
    build_by(engine.builder(), name, debug, base)
    say(f"Next: ./retune image test {name}")
    sys.stdout.write(f"{name}\n")
    return ExitCode.DONE


def build_by(builder: engine.Engine, name: str, debug: bool, base: str | None) -> None:
    """Raises: Leave: it cannot be built; the builder has said why."""
    say(f"Building {name} by {builder.name}; the first time takes a minute or two …")
    started = time.monotonic()
    if not builder.build(CONTAINER, name, options(debug, base)):
        raise Leave(ExitCode.FAILED, f"{builder.name} could not build {name}: its last lines above say why")
    size = builder.size_bytes(name)
    took = duration(time.monotonic() - started) + (f", {size / 1e6:.0f} MB" if size else "")
    say(f"Built {name} in {took}.")


def test(name: str) -> ExitCode:
    """Run infra/smoke-test on it."""
    runner = engine.runner()
    if runner.size_bytes(name) is None:
        raise Leave(ExitCode.NOT_FOUND, f"{runner.name} has no image {name}: ./retune image build --tag {name}")
    return ExitCode.DONE if works(runner, name, sys.stdout) else ExitCode.FAILED


def works(runner: engine.Engine, name: str, says_it_to: TextIO) -> bool:
    """Whether it trains and serves iris as it should; if not, the smoke test has said what does not."""
    say(f"Training and serving iris in {name} by {runner.name}, without network …")
    started = time.monotonic()
    sys.stdout.flush()
    environment = {**os.environ, "ENGINE": runner.name}
    tried = subprocess.run([ROOT / "infra/smoke-test", name], env=environment, stdout=says_it_to, check=False)
    if tried.returncode == 0:
        say(f"{name} trains and serves ({duration(time.monotonic() - started)})", style="green")
    return tried.returncode == 0


def options(debug: bool, base: str | None) -> list[str]:
    """What the builder is told beside the folder and the name: the base, the target, and where the source is from."""
    commit = _git("describe", "--always", "--exclude=*", "--abbrev=40", "--dirty")
    labels = {"revision": commit, "source": public(_git("remote", "get-url", "origin"))}
    words = [f"--label=org.opencontainers.image.{name}={value}" for name, value in labels.items() if value]
    if base:
        words.append(f"--build-arg=BASE_IMAGE={base}")
    if debug:
        words.append("--target=debug")
    return words


def public(remote: str) -> str:
    """A remote's address without the credentials that may stand in it; nothing for one that is no web address."""
    parts = urlsplit(remote)
    if parts.scheme != "https" or not parts.hostname:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _git(*words: str) -> str:
    """What git says of this folder; nothing where there is no git or no answer."""
    try:
        asked = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
