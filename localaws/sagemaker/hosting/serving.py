"""One process group that serves: `entrypoint serve`, its folder, its variables, its end.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html: SIGTERM, and SIGKILL 30 seconds later.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from localaws.sagemaker.container import INHERITED
from localaws.sagemaker.hosting.guard import Guard

LOOK_S = 0.02


class Serving:
    """Started at construction. `log` gets what the program says."""

    def __init__(self, program: Path, folder: Path, variables: Mapping[str, str], log: Path, guard: Guard):
        self._guard = guard
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [str(program), "serve"],
                cwd=folder,
                env=dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        guard.watch(self._process.pid)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def how_it_ended(self) -> str:
        code = self._process.wait()
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def wait(self) -> None:
        """Returns when the program has ended, for whatever reason."""
        self._process.wait()

    def end(self, grace_s: float) -> None:
        """SIGTERM, and SIGKILL after `grace_s`, to all that it started too. A second call changes nothing."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + grace_s
        while self.is_alive and time.monotonic() < until:
            time.sleep(LOOK_S)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._guard.forget(self._process.pid)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def variables(folder: Path, port: int, of_the_model: Mapping[str, str]) -> dict[str, str]:
    """What the program finds in its environment; the model's own variables do not move it elsewhere.

    AWS sets SAGEMAKER_BIND_TO_PORT for containers that share an instance; here all of them share one machine."""
    return {
        **{name: os.environ[name] for name in INHERITED if name in os.environ},
        "HOME": str(folder),
        **of_the_model,
        "ML_ROOT": str(folder / "opt" / "ml"),
        "SAGEMAKER_BIND_TO_PORT": str(port),
    }
