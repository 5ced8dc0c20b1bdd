"""The container as a process under SageMaker's contract, and the same arithmetic in plain R to compare it with."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
ENTRYPOINT = ROOT / "container" / "entrypoint"
IRIS = (ROOT / "examples" / "iris.csv").read_text()
TARGET = {"target": "Sepal.Length"}
DEADLINE_S = 20
HAS_NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is not None


@dataclass(frozen=True)
class Ml:
    """What SageMaker mounts as /opt/ml."""

    root: Path
    entrypoint: Path = ENTRYPOINT

    @classmethod
    def of(cls, root: Path, hyperparameters: Mapping[str, str], **channels: Mapping[str, str]) -> Self:
        """With these hyperparameters and, for each channel, these files."""
        for channel, files in channels.items():
            for name, text in files.items():
                path = root / "input" / "data" / channel / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        config = root / "input" / "config"
        config.mkdir(parents=True)
        (config / "hyperparameters.json").write_text(json.dumps(dict(hyperparameters)))
        return cls(root)

    @contextmanager
    def running(self, verb: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The container's process, in a process group of its own, of which nothing is left at the end."""
        process = subprocess.Popen(
            [self.entrypoint, verb],
            env={**os.environ, "ML_ROOT": str(self.root), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()

    def train(self) -> "Trained":
        with self.running("train") as process:
            log, _ = process.communicate(timeout=DEADLINE_S)
        return Trained(process.returncode, log)

    @property
    def metrics(self) -> dict[str, Any]:
        return dict(json.loads((self.root / "model" / "metrics.json").read_text()))

    @property
    def failure(self) -> str:
        return (self.root / "output" / "failure").read_text()


@dataclass(frozen=True)
class Trained:
    """How `train` ended, and all that it printed."""

    code: int
    log: str

    @property
    def objective_lines(self) -> list[str]:
        """Every line from which the classic regex would read an objective."""
        return [line for line in self.log.splitlines() if re.search(r"mse: ", line)]


@contextmanager
def serving(ml: Ml, **environment: str) -> Iterator["Served"]:
    """The container serving what was trained, by nginx if it is there and `RETUNE_SERVER` does not say plumber."""
    port = a_free_port()
    with ml.running("serve", SAGEMAKER_BIND_TO_PORT=str(port), **environment) as process:
        served = Served(f"http://127.0.0.1:{port}", process)
        eventually(served.answers)
        yield served


def a_free_port() -> int:
    """Below the ports that the kernel gives out by itself: newer versions of plumber take no others."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(20_000, 32_768)))
            return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def type(self) -> str:
        return self.headers["Content-Type"].partition(";")[0]

    @property
    def error(self) -> str:
        """The reason, which every refusal gives as JSON."""
        assert self.status >= 400 and self.type == "application/json", self
        return str(json.loads(self.text)["error"])

    @property
    def predictions(self) -> list[float]:
        """Whatever the format."""
        assert self.status == 200, self.text
        if self.type == "application/json":
            return list(json.loads(self.text)["predictions"])
        lines = self.text.splitlines()
        return [float(line) if self.type == "text/csv" else json.loads(line)["prediction"] for line in lines]


@dataclass(frozen=True)
class Served:
    """A serving container."""

    url: str
    process: subprocess.Popen[str]

    def ask(self, path: str, body: str | None = None, content_type: str = "text/csv") -> tuple[int, str]:
        """Status and text."""
        request = Request(self.url + path, body.encode() if body is not None else None, {"Content-Type": content_type})
        try:
            with urlopen(request, timeout=DEADLINE_S) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Any request at all on a connection of its own; `content_type="x"` is the header Content-Type."""
        with closing(HTTPConnection(self.url.removeprefix("http://"), timeout=DEADLINE_S)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())

    def invoke(self, body: str | bytes, content_type: str = "text/csv", **headers: str) -> Answer:
        sent = body.encode() if isinstance(body, str) else body
        return self.send("POST", "/invocations", sent, content_type=content_type, **headers)

    def score(self, body: str) -> list[float]:
        status, text = self.ask("/invocations", body)
        assert status == 200, text
        return [float(line) for line in text.splitlines()]

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        try:
            self.ask("/ping")
        except URLError:
            return False
        return True


def in_plain_r(code: str) -> list[float]:
    """The numbers that this R code prints; `iris.csv` is there as the data frame `flowers`, mda is loaded."""
    return [float(word) for word in printed_by_r(code).split()]


def printed_by_r(code: str) -> str:
    """What this R code prints, with the same things there."""
    given = f'suppressMessages(library(mda)); flowers <- read.csv("{ROOT}/examples/iris.csv", stringsAsFactors = TRUE)'
    ran = subprocess.run(
        ["Rscript", "--vanilla", "-e", f"{given}\n{code}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def eventually(look: Any, within_s: float = DEADLINE_S) -> None:
    """Until `look()` is true."""
    until = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def group_is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
