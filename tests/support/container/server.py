"""The container as a server, and what it answers."""

import json
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection

from tests.support.container.process import DEADLINE_S, Ml, eventually

HAS_NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is not None


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
        return self.invoke(body).predictions

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        try:
            self.send("GET", "/ping")
        except ConnectionError:
            return False
        return True
