"""A machine for the launcher: stand-ins on PATH for what it would install, each of which notes how it is called."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "sh",
    "cat",
    "date",
    "dirname",
    "flock",
    "grep",
    "id",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sha256sum",
    "sleep",
    "tail",
    "tee",
    "touch",
    "cp",
    "chmod",
)

PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
case "$*" in
  *'import sys, venv'*) exit "${PYTHON_IS_BAD:-0}" ;;
  '-m venv '*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  '-m pip '*)
    sleep "${PIP_TAKES:-0}"
    echo 'Collecting rich==15.0.0'
    [ -z "${PIP_WAITS_FOR:-}" ] || until grep -q -- "$PIP_WAITS_FOR" "$CALLS"; do sleep 0.05; done
    [ -z "${PIP_FAILS_LATE:-}" ] || { echo 'Installing collected packages: rich'; exit 1; }
    exit "${PIP_FAILS:-0}"
    ;;
  '-P -m cli'*) shift 3; echo "cli at $PWD: $*" ;;
esac
"""
APT = """#!/bin/sh
echo "apt-get $*" >>"$CALLS"
case $1 in
  install)
    [ -z "${APT_WAITS_FOR:-}" ] || until grep -q -- "$APT_WAITS_FOR" "$CALLS"; do sleep 0.05; done
    sleep "${APT_TAKES:-0}"
    [ -z "${APT_FAILS:-}" ] || { echo 'E: Unable to locate package'; exit 100; }
    cp "$BIN/spare/"* "$BIN/"
    echo 'apt-get is done' >>"$CALLS"
    ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A clone of the launcher on a machine that has only what is in `bin`."""

    clone: Path
    bin: Path
    calls: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": str(self.bin), "BIN": str(self.bin), "CALLS": str(self.calls), **more}

    def run(self, *words: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.clone / "retune"), *words],
            cwd=cwd or self.clone,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def be_root_without_r(self) -> None:
        """The user is root, and apt-get brings an R that has every package."""
        self.put("id", "#!/bin/sh\necho 0\n")
        self.put("spare/Rscript", "#!/bin/sh\nexit 0\n")

    def locks_installed(self) -> list[str]:
        """The tiers whose lock files pip was given, in that order."""
        return [Path(call.rpartition(" ")[2]).stem for call in self.called("-m pip install") if " -r " in call]

    def called(self, what: str) -> list[str]:
        text = self.calls.read_text() if self.calls.exists() else ""
        return [line for line in text.splitlines() if what in line]

    def put(self, name: str, script: str) -> None:
        tool = self.bin / name
        tool.unlink(missing_ok=True)
        tool.write_text(script)
        tool.chmod(0o755)


def bare_machine(folder: Path) -> Machine:
    """A machine with Python, without R, whose user is not root."""
    clone, tools = folder / "a clone", folder / "bin"
    clone.mkdir()
    (tools / "spare").mkdir(parents=True)
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    shutil.copy(ROOT / "retune", clone / "retune")
    shutil.copytree(ROOT / "locks", clone / "locks")
    (clone / "local-sagemaker").mkdir()
    shutil.copy(ROOT / "local-sagemaker" / "pyproject.toml", clone / "local-sagemaker")
    made = Machine(clone, tools, folder / "calls")
    made.put("python3", PYTHON)
    made.put("apt-get", APT)
    made.put("id", "#!/bin/sh\necho 1000\n")
    return made
