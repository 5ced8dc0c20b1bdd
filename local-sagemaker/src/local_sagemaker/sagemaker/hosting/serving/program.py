"""One serving process: its start from a folder or by an engine, its log, and its end.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html: `docker run <image> serve`; to end it,
SIGTERM, and SIGKILL 30 seconds later.
"""

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from local_sagemaker.sagemaker.container.engine import ContainerSignals
from local_sagemaker.sagemaker.container.folder import INHERITED, INSIDE
from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.output import each
from local_sagemaker.sagemaker.container.process import Command, GroupSignals, copy_output, start
from local_sagemaker.sagemaker.container.watchdog import Watchdog

_LOOK_S = 0.02
_LAST_WORDS_S = 2.0


class ServingProcess:
    """Starts at construction. The program's output goes to `on_line` and to the log. Raises: OSError."""

    def __init__(self, command: Command, log: Path, on_line: Callable[[str], None], watchdog: Watchdog):
        self._signals = command.signals
        self._watchdog = watchdog
        self._process = start(command)
        watchdog.watch(self._process.pid)
        self._reader = threading.Thread(target=copy_output, args=(self._process, log, each(on_line)), daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def how_it_ended(self) -> str:
        code = self._process.wait()
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def wait(self) -> None:
        """Wait until the program has ended, for any reason."""
        self._process.wait()

    def end(self, grace_s: float) -> None:
        """Send SIGTERM, and SIGKILL after `grace_s`, also to its children. A second call changes nothing."""
        self._signals.terminate(self._process.pid, grace_s)
        until = time.monotonic() + grace_s
        while self.is_alive and time.monotonic() < until:
            time.sleep(_LOOK_S)
        self._signals.kill(self._process.pid)
        self._process.wait()
        self._watchdog.forget(self._process.pid)
        self._reader.join(_LAST_WORDS_S)


def command(image: Program | ContainerImage, folder: Path, port: int, of_the_model: Mapping[str, str]) -> Command:
    """The command that serves on the port, which the model's variables cannot change. An engine runs its container in
    the host network. Raises: DataFault: the folder has no executable program.

    AWS sets SAGEMAKER_BIND_TO_PORT for containers that share an instance; here all of them share one machine."""
    ml, at = folder / "opt" / "ml", {"SAGEMAKER_BIND_TO_PORT": str(port)}
    if isinstance(image, Program):
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        variables = {**inherited, "HOME": str(folder), **of_the_model, "ML_ROOT": str(ml), **at}
        return Command(image.words("serve"), folder, variables, GroupSignals())
    name = f"serving-{secrets.token_hex(8)}"
    words = image.engine.words(
        image.name, name, {**of_the_model, **at}, {str(INSIDE): ml}, (), ("serve",), is_isolated=False
    )
    return Command(words, folder, os.environ, ContainerSignals(image.engine, name))
