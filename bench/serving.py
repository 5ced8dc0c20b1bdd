"""Measure how fast the container serves iris over loopback, with wrk (Debian's package) as load on the same cores:

.retune/venv/bin/python -m bench.serving                  median and range of five runs
.retune/venv/bin/python -m bench.serving --plumber        also the plain plumber server, for the ratio
"""

import argparse
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.machine import this_machine
from bench.training import a_job
from cli.paths import CONTAINER, IRIS

ROWS = [line.partition(",")[2] for line in IRIS.read_text().splitlines()[1:]]
UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
SCRIPT = """
local file = io.open("{body}")
wrk.body = file:read("a")
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/csv"
"""


@dataclass(frozen=True)
class Load:
    """Rows per request and keep-alive connections; `goal` is in requests per second."""

    name: str
    rows: int
    connections: int
    goal: int


LOADS = [
    Load("1 row, 1 connection", 1, 1, 1500),
    Load("1 row, 8 connections", 1, 8, 3000),
    Load("1,000 rows, 8 connections", 1000, 8, 900),
]


@dataclass(frozen=True)
class Run:
    """What wrk measured: requests per second, and the 99th percentile of their latency."""

    rate: float
    p99_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plumber", action="store_true", help="also measure the plain plumber server")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="duration of each run")
    arguments = parser.parse_args()
    for tool in "wrk", "nginx":
        if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin"):
            parser.error(f"{tool} is missing: apt-get install {tool}")
    print(this_machine())
    with tempfile.TemporaryDirectory() as folder:
        ml = a_job(Path(folder) / "ml", IRIS, {"target": "Sepal.Length"})
        environment = {**os.environ, "ML_ROOT": str(ml)}
        subprocess.run([CONTAINER / "entrypoint", "train"], env=environment, stdout=subprocess.DEVNULL, check=True)
        servers = ["nginx", "plumber"] if arguments.plumber else ["nginx"]
        rates = {server: measured(ml, server, arguments.runs, arguments.seconds) for server in servers}
    if arguments.plumber:
        for load in LOADS:
            print(f"{load.name:28} {rates['nginx'][load.name] / rates['plumber'][load.name]:8.1f} × plumber")


def measured(ml: Path, server: str, runs: int, seconds: int) -> dict[str, float]:
    """Print this server's figures, and return the median rate of each load."""
    first_ping, end = map(statistics.median, zip(*(first_ping_and_end_s(ml, server) for _ in range(runs)), strict=True))
    print(f"{server}: first ping after {first_ping:.2f} s (goal 1 s)")
    print(f"{server}: ends {end:.2f} s after SIGTERM (goal 1 s)")
    rates = {}
    with serving(ml, server) as port:
        for load in LOADS:
            with tempfile.TemporaryDirectory() as folder:
                wrk(port, load, 1, Path(folder))  # warm up: R compiles what it runs often
                done = sorted((wrk(port, load, seconds, Path(folder)) for _ in range(runs)), key=lambda run: run.rate)
            rates[load.name] = statistics.median(run.rate for run in done)
            p99 = statistics.median(run.p99_s for run in done)
            print(
                f"{load.name:28} {rates[load.name]:8.0f} requests/s (goal {load.goal}; {done[0].rate:.0f} to "
                f"{done[-1].rate:.0f}), p99 {1000 * p99:.1f} ms"
            )
    return rates


def wrk(port: int, load: Load, seconds: int, folder: Path) -> Run:
    """Run wrk once. Raises: SystemExit: some responses were not 200."""
    body, script = folder / "body.csv", folder / "post.lua"
    body.write_text("".join(f"{ROWS[i % len(ROWS)]}\n" for i in range(load.rows)))
    script.write_text(SCRIPT.format(body=body))
    url = f"http://127.0.0.1:{port}/invocations"
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--latency", "-s", str(script), url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        sys.exit(printed)
    words = printed.split()
    p99 = words[words.index("99%") + 1]
    unit = p99.lstrip("0123456789.")
    return Run(float(words[words.index("Requests/sec:") + 1]), float(p99.removesuffix(unit)) * UNITS_S[unit])


def first_ping_and_end_s(ml: Path, server: str) -> tuple[float, float]:
    """Return the seconds from start to first ping, and from SIGTERM to the end."""
    started = time.monotonic()
    with serving(ml, server):
        healthy = time.monotonic()
    return healthy - started, time.monotonic() - healthy


@contextmanager
def serving(ml: Path, server: str) -> Iterator[int]:
    """Serve, and yield the port once it is healthy; its log is discarded, so it cannot fill a pipe."""
    port = a_free_port()
    environment = {"ML_ROOT": str(ml), "SAGEMAKER_BIND_TO_PORT": str(port), "RETUNE_SERVER": server}
    process = subprocess.Popen(
        [CONTAINER / "entrypoint", "serve"], env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    )
    try:
        while not is_healthy(port):
            if process.poll() is not None:
                sys.exit(f"{server} ended with {process.returncode}")
            time.sleep(0.005)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def a_free_port() -> int:
    """Find a free port below the kernel's ephemeral range: newer versions of plumber accept no others."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(20_000, 32_768)))
            return int(probe.getsockname()[1])


def is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError):
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    return False


if __name__ == "__main__":
    main()
