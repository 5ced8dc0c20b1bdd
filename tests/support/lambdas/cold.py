"""One Lambda of a deployed stack in a fresh process: its environment is the stack's, its task root the packaged zip.

The price of watching is that what a cold start takes must be measured without.
"""

import itertools
import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_sagemaker.lambdas.code import unpack
from local_sagemaker.lambdas.environment import Environment
from local_sagemaker.lambdas.values import Function
from local_sagemaker.lambdas.variables import variables
from local_sagemaker.moto_seams import awslambda

if TYPE_CHECKING:
    from cli.local.stack import Running

HANDLERS = ("on_upload", "on_tuning_ended", "on_build_ended", "sweep")
_WATCH = Path(__file__).parent / "watch"
_count = itertools.count(1)


@dataclass(frozen=True)
class ColdStart:
    """From the process's start to its first response, and everything that it wrote."""

    answer: Any
    error: str
    took_s: float
    cpu_s: float
    task_root: Path
    log: str

    @property
    def modules(self) -> set[str]:
        """Which modules were imported."""
        return set(self._noted("import"))

    @property
    def clients(self) -> set[str]:
        """Of which services boto3 built a client."""
        models = (re.search(r"/botocore/data/([^/]+)/[^/]+/service-2\.json", path) for path in self._noted("open"))
        return {found[1] for found in models if found}

    @property
    def calls(self) -> Counter[str]:
        """How many requests it sent, by the service that they were signed for."""
        return Counter(self._noted("call"))

    @property
    def compiled(self) -> set[str]:
        """Which of the shipped modules were compiled, for want of bytecode that could be used."""
        own = f"{self.task_root}/"
        paths = (path for path in self._noted("compile") if path.startswith(own) and path.endswith(".py"))
        return {path.removeprefix(own) for path in paths}

    def _noted(self, event: str) -> list[str]:
        return re.findall(rf"^WATCH {event} (.*)$", self.log, re.MULTILINE)


def find(running: "Running", handler: str) -> Function:
    """The stack's function with this handler, as it was configured by its template."""
    listed = running.stack.target.client("lambda").list_functions()["Functions"]
    [arn] = [one["FunctionArn"] for one in listed if one["Handler"] == f"app.{handler}"]
    found = awslambda.find(arn)
    assert found is not None
    return found


def start(running: "Running", function: Function, event: Any, home: Path, *, watched: bool = False) -> ColdStart:
    """Start it, give it the event, and end it. What was unpacked in `home` is not unpacked again."""
    if watched:
        function = replace(function, environment=(*function.environment, ("PYTHONPATH", str(_WATCH))))
    task_root = unpack(function.code, home)
    log = home / f"{function.name}-{next(_count)}.log"
    given = variables(function, task_root, "stream", running.aws.endpoint_url, running.aws.region)
    began = time.perf_counter()
    environment = Environment(function, task_root, given, log)
    outcome = environment.invoke(json.dumps(event).encode())
    took_s = time.perf_counter() - began
    cpu_s = _cpu_s(environment.pid)
    environment.kill()
    answer = json.loads(outcome.payload or b"null")
    return ColdStart(answer, outcome.error_message, took_s, cpu_s, task_root, log.read_text())


def _cpu_s(pid: int) -> float:
    """What the process has computed so far: proc_pid_stat(5), utime and stime."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
