"""A machine for `./retune image`: stand-ins for docker, podman and buildah that remember what was built and run."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = "awk cat cp dirname git grep id mkdir mktemp rm sed sh sleep tail touch tr"

# An image is a file in $STORE/images, a running container one in $STORE/running.
ENGINE = """#!/bin/sh
echo "${0##*/} $*" >>"$STORE/calls"
[ "$1" != --runtime ] || shift 2
verb=$1
for last; do :; done
file() { printf %s "$1" | tr / _; }
case $verb in
  build)
    echo 'STEP 1: FROM scratch'
    echo "attestations=$BUILDX_NO_DEFAULT_ATTESTATIONS" >>"$STORE/calls"
    [ -z "$BUILD_FAILS" ] || exit 125
    while [ "$1" != --tag ]; do shift; done
    touch "$STORE/images/$(file "$2")"
    ;;
  image) [ -e "$STORE/images/$(file "$last")" ] && echo 108400000 ;;
  run)
    case $last in
      train) printf '%s\\n' "${TRAINING_SAYS-mse: 0.1038}"; exit "${TRAINING_ENDS-0}" ;;
      serve) touch "$STORE/running/c1"; echo c1 ;;
    esac
    ;;
  exec)
    [ -e "$STORE/running/$2" ] || exit 1
    case $* in
      *GET*/ping*) echo 'HTTP/1.1 200 OK' ;;
      *POST*/invocations*) printf 'HTTP/1.1 200 OK\\n\\n%s\\n' "${PREDICTION-5.02}" ;;
    esac
    ;;
  login) [ "$(cat)" = "$PASSWORD" ] ;;
  push) [ -z "$PUSH_FAILS" ] && touch "$STORE/pushed/$(file "$last")" ;;
  inspect) echo "${STOPPED_WITH-0}" ;;
  rm) rm "$STORE/running/$last" ;;
esac
"""
DEAD = """#!/bin/sh
echo 'Cannot connect to the Docker daemon' >&2
exit 1
"""


@dataclass(frozen=True)
class Machine:
    """What is on its PATH is in `bin`."""

    bin: Path
    store: Path

    def has(self, *names: str) -> None:
        """Engines that work."""
        for name in names:
            self._put(name, ENGINE)

    def has_dead(self, name: str) -> None:
        """The command of an engine whose server does not run."""
        self._put(name, DEAD)

    def retune(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "-m", "cli", "image", *words], more)

    def smoke_test(self, image: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self._run([str(ROOT / "infra/image/smoke-test"), image], more)

    @property
    def calls(self) -> str:
        return (self.store / "calls").read_text()

    @property
    def images(self) -> set[str]:
        return {path.name for path in (self.store / "images").iterdir()}

    @property
    def pushed(self) -> set[str]:
        """Names, each `/` as `_`."""
        return {path.name for path in (self.store / "pushed").iterdir()}

    @property
    def running(self) -> list[Path]:
        return list((self.store / "running").iterdir())

    def _run(self, command: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        kept_out = ("RETUNE_", "ENGINE", "NO_COLOR", "BUILDX_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
        here = {"PATH": str(self.bin), "STORE": str(self.store), "COLUMNS": "80"}
        return subprocess.run(
            command, cwd=ROOT, env={**inherited, **here, **more}, capture_output=True, text=True, check=False
        )

    def _put(self, name: str, script: str) -> None:
        program = self.bin / name
        program.write_text(script)
        program.chmod(0o755)


def bare_machine(folder: Path) -> Machine:
    """One without any engine."""
    made = Machine(folder / "bin", folder / "store")
    made.bin.mkdir()
    for part in ("images", "running", "pushed"):
        (made.store / part).mkdir(parents=True)
    for name in TOOLS.split():
        (made.bin / name).symlink_to(shutil.which(name) or name)
    return made
