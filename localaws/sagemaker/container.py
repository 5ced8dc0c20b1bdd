"""A training container as a program of this machine: the folders, files and signals of SageMaker's contract.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
The price of not using a container engine: the program sees this machine's files; `ML_ROOT` stands for /opt/ml.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE")
"""A network-isolated job has no credentials: nothing of AWS's is passed on."""
LOOK_S = 0.1


@dataclass(frozen=True)
class Exit:
    """How the program ended. `code` is 128 and the signal's number if one killed it, as a container engine counts;
    `why` is empty, `stopped` or `runtime`."""

    code: int
    why: str


class Folder:
    """One training job's /opt/ml, empty: what an earlier job of that name left behind is removed."""

    def __init__(self, path: Path):
        self.path = path
        self.ml = path / "opt" / "ml"
        self.model = self.ml / "model"
        self.output = self.ml / "output" / "data"
        self.log = path / "log.txt"
        shutil.rmtree(path, ignore_errors=True)
        for folder in (self.model, self.output, self.ml / "checkpoints", self._config):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def _config(self) -> Path:
        return self.ml / "input" / "config"

    def channel(self, name: str) -> Path:
        return self.ml / "input" / "data" / name

    def configure(self, hyperparameters: Mapping[str, str], channels: list[dict[str, Any]]) -> None:
        """The three files of `input/config`."""
        described = {
            found["ChannelName"]: {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": found.get("RecordWrapperType", "None"),
                **({"ContentType": found["ContentType"]} if "ContentType" in found else {}),
            }
            for found in channels
        }
        host = {"current_host": "algo-1", "hosts": ["algo-1"], "network_interface_name": "lo"}
        for name, value in (
            ("hyperparameters", dict(hyperparameters)),
            ("inputdataconfig", described),
            ("resourceconfig", host),
        ):
            (self._config / f"{name}.json").write_text(json.dumps(value, indent=1))

    def failure(self) -> str:
        """What the program wrote about its failure, or nothing."""
        file = self.ml / "output" / "failure"
        return file.read_text(errors="replace").strip()[:1024] if file.exists() else ""


def environment(folder: Folder, name: str, arn: str, channels: list[str], more: Mapping[str, str]) -> dict[str, str]:
    """The variables that SageMaker sets, and those of the request."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **inherited,
        "HOME": str(folder.path),
        "ML_ROOT": str(folder.ml),
        "TRAINING_JOB_NAME": name,
        "TRAINING_JOB_ARN": arn,
        "SM_NUM_CPUS": str(os.cpu_count() or 1),
        "SM_MODEL_DIR": str(folder.model),
        **{f"SM_CHANNEL_{channel.upper()}": str(folder.channel(channel)) for channel in channels},
        **more,
    }


def run(
    program: Path,
    folder: Folder,
    variables: Mapping[str, str],
    on_line: Callable[[str], None],
    stop: threading.Event,
    max_runtime_s: float,
    grace_s: Callable[[], float],
) -> Exit:
    """Run `program train` to its end. Told to stop, or too long at it, it gets SIGTERM, and SIGKILL after `grace_s`,
    which may have become shorter meanwhile."""
    process = subprocess.Popen(
        [str(program), "train"],
        cwd=folder.path,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    reader = threading.Thread(target=_read, args=(process, folder.log, on_line), daemon=True)
    reader.start()
    handle = os.pidfd_open(process.pid)
    try:
        why = _watch(process, handle, stop, max_runtime_s, grace_s)
    finally:
        os.close(handle)
    code = process.wait()
    _signal_group(process.pid, signal.SIGKILL)  # what it left behind
    reader.join(timeout=2)
    return Exit(code if code >= 0 else 128 - code, why)


def _watch(
    process: subprocess.Popen[str],
    handle: int,
    stop: threading.Event,
    max_runtime_s: float,
    grace_s: Callable[[], float],
) -> str:
    """Wait for the process, which `handle` announces at once; why it was told to stop, if it was."""
    until = time.monotonic() + max_runtime_s
    while not _ended(handle, min(LOOK_S, until - time.monotonic())):
        if stop.is_set() or time.monotonic() >= until:
            why = "stopped" if stop.is_set() else "runtime"
            _end(process.pid, handle, grace_s)
            return why
    return ""


def _end(pid: int, handle: int, grace_s: Callable[[], float]) -> None:
    _signal_group(pid, signal.SIGTERM)
    told_at = time.monotonic()
    while not _ended(handle, min(LOOK_S, grace_s())):
        if time.monotonic() - told_at >= grace_s():
            _signal_group(pid, signal.SIGKILL)
            return


def _ended(handle: int, within_s: float) -> bool:
    return bool(select.select([handle], [], [], max(0.0, within_s))[0])


def _read(process: subprocess.Popen[str], log: Path, on_line: Callable[[str], None]) -> None:
    assert process.stdout is not None, "the process was started with a pipe"
    with log.open("a") as file:
        for line in process.stdout:
            file.write(line)
            file.flush()
            on_line(line.rstrip("\r\n"))


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
