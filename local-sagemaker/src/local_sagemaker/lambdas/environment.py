"""An execution environment: one process with one function, which serves one invocation at a time."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from local_sagemaker.lambdas.privileges import with_few_rights
from local_sagemaker.lambdas.runtime_api import Answer, Event, Ready, RuntimeApi
from local_sagemaker.lambdas.values import Function, Outcome, failure

INIT_LIMIT_S = 60.0  # Lambda's limit is 10 s, on a machine without other load

# A function dies with its parent, which to the kernel is the *thread* that started it: so one thread that lives as long
# as this program starts them all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lambda-starter")


@dataclass(frozen=True)
class _Exited:
    returncode: int


class Environment:
    """Starts at construction and serves invocations, one after the other, until it dies or is killed."""

    def __init__(self, function: Function, task_root: Path, variables: Mapping[str, str], log: Path) -> None:
        self.function = function
        self._log = log
        self._inbox: SimpleQueue[Ready | Answer | _Exited] = SimpleQueue()
        self._api = RuntimeApi(self._inbox)
        command = [*with_few_rights(os.geteuid() == 0), sys.executable, "-m", "awslambdaric", function.handler]
        environment = {**variables, "AWS_LAMBDA_RUNTIME_API": self._api.address}
        self._process = _starter.submit(_start, command, task_root, environment, log).result()
        Thread(target=self._watch, name=f"lambda-{function.name}-{self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The pid of the function's process, which is also its process group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can serve another invocation."""
        return self._process.poll() is None

    def invoke(self, payload: bytes) -> Outcome:
        """Run the handler. A timeout and the death of the process are error outcomes."""
        request_id = str(uuid.uuid4())
        first = self._next(INIT_LIMIT_S)
        if not isinstance(first, Ready):
            return self._ended(first, request_id, INIT_LIMIT_S)
        self._note(f"START RequestId: {request_id} Version: {self.function.version}")
        began = time.monotonic()
        deadline_ms = int((time.time() + self.function.timeout_s) * 1000)
        self._api.send(Event(request_id, payload, deadline_ms, self.function.arn))
        outcome = self._ended(self._next(self.function.timeout_s), request_id, self.function.timeout_s)
        self._note(f"REPORT RequestId: {request_id} Duration: {(time.monotonic() - began) * 1000:.2f} ms")
        return outcome

    def kill(self) -> None:
        """Kill the process and all its children immediately. A second call changes nothing."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def _next(self, timeout_s: float) -> Ready | Answer | _Exited | None:
        try:
            return self._inbox.get(timeout=timeout_s)
        except Empty:
            return None

    def _ended(self, said: Ready | Answer | _Exited | None, request_id: str, limit_s: float) -> Outcome:
        match said:
            case Answer(answer, is_error):
                return Outcome(answer, is_error, request_id)
            case _Exited(code):
                how = f"signal: {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
                return self._failed("Runtime.ExitError", f"Runtime exited with error: {how}", request_id)
            case _:
                self.kill()
                return self._failed("Sandbox.Timedout", f"Task timed out after {limit_s:.2f} seconds", request_id)

    def _failed(self, error_type: str, message: str, request_id: str) -> Outcome:
        outcome = failure(error_type, message, request_id)
        self._note(outcome.error_message)  # the function can no longer log it itself
        return outcome

    def _watch(self) -> None:
        self._inbox.put(_Exited(self._process.wait()))
        self._api.close()

    def _note(self, line: str) -> None:
        with self._log.open("a") as log:
            log.write(line + "\n")


def _start(command: list[str], root: Path, environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that the function's children die with it
        )
