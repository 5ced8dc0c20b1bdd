"""Measure whether a local AWS that stays up grows: memory and CPU time per upload, over hundreds of them.

    .retune/venv/bin/python -m bench.long_lived

A round is a real one: a changed CSV is uploaded, the Lambdas start a tuning job, its training job runs, and the round
ends with the notification, which is published after the record was written. The training image is a shell script, since
R is not what is measured. Printed are the resident memory at the end of each hundred rounds, and the CPU time per round
in these, of the server and of its functions separately. Of the functions it is the memory per process, because how
many processes are warm at that moment is chance. A virtual machine's cores are not always equally fast, so a loop that
does the same each time is timed after every round: CPU times are compared in its units. The program exits with 1 if the
last row exceeds the first by more than a tenth.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.local_aws import LocalAws, up
from bench.machine import this_machine
from cli.paths import IRIS

ALLOWED = 1.1
ROUND_WITHIN_S = 120
PROGRAM = """#!/bin/sh
echo model >"$ML_ROOT/model/model.rds"
echo "mse: 0.25"
"""
SPEC = {"target": "Sepal.Length", "max_jobs": 1, "max_parallel_jobs": 1}
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--every", type=int, default=100, help="rounds from one row to the next")
    parser.add_argument("--datasets", type=int, default=10, help="datasets that take turns")
    given = parser.parse_args()
    print(this_machine())
    with tempfile.TemporaryDirectory() as folder, up(Path(folder), "retune-mars", PROGRAM, "--settle", "0") as local:
        first, last = show(local, given.rounds, given.every, given.datasets)
    grown = [after / before for before, after in zip(first.compared(), last.compared(), strict=True)]
    shown = ", ".join(f"{name} {ratio:.2f}" for name, ratio in zip(NAMES, grown, strict=True))
    print(f"The last row divided by the first: {shown}")
    if any(ratio > ALLOWED for ratio in grown):
        sys.exit(f"Allowed is {ALLOWED}.")


NAMES = ("server MB", "server CPU", "MB per function", "functions CPU")


@dataclass(frozen=True)
class Row:
    """CPU times per round; `loop_s` is that of the loop."""

    server_mb: float
    server_s: float
    function_mb: float
    functions_s: float
    loop_s: float

    def compared(self) -> tuple[float, ...]:
        """In the order of NAMES, CPU times in units of the loop."""
        return self.server_mb, self.server_s / self.loop_s, self.function_mb, self.functions_s / self.loop_s


@dataclass(frozen=True)
class Usage:
    """What some processes hold and have used so far."""

    processes: int
    memory_mb: float
    cpu_s: float

    @property
    def memory_mb_each(self) -> float:
        return self.memory_mb / max(1, self.processes)


def usage_of_server(local: LocalAws) -> Usage:
    return usage_of([local.pid])


def usage_of_functions(local: LocalAws) -> Usage:
    children = Path(f"/proc/{local.pid}/task").glob("*/children")
    pids = [pid for file in children for pid in file.read_text().split()]
    return usage_of(int(pid) for pid in pids if b"awslambdaric" in _read(Path(f"/proc/{pid}/cmdline")))


def usage_of(pids: Any) -> Usage:
    processes, memory_mb, cpu_s = 0, 0.0, 0.0
    for pid in pids:
        if stat := _read(Path(f"/proc/{pid}/stat")):
            fields = stat.rpartition(b")")[2].split()
            cpu_s += (int(fields[11]) + int(fields[12])) / _TICKS
            memory_mb += int(fields[21]) * _PAGE_MB
            processes += 1
    return Usage(processes, memory_mb, cpu_s)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


class Uploads:
    """Uploads CSV files, and hears of their tuning jobs' ends from a queue that is subscribed to the stack's topic."""

    def __init__(self, local: LocalAws) -> None:
        self._local = local
        self._s3, self._sqs = local.client("s3"), local.client("sqs")
        self._csv = IRIS.read_bytes()
        local.client("sns").subscribe(
            TopicArn=local.ready["topic_arn"], Protocol="sqs", Endpoint=self._queue["arn"], ReturnSubscriptionArn=True
        )

    @cached_property
    def _queue(self) -> dict[str, str]:
        url = self._sqs.create_queue(QueueName="notifications")["QueueUrl"]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return {"url": url, "arn": found["Attributes"]["QueueArn"]}

    def begin(self, dataset: str) -> None:
        self._put(dataset, "tuning.json", json.dumps(SPEC).encode())

    def round(self, dataset: str, number: int) -> None:
        """Upload data that were never seen before, and return once their tuning job is recorded."""
        new_row = f"{4 + number / 1000:.3f},3.0,1.4,0.2,setosa\n".encode()
        self._put(dataset, "train/iris.csv", self._csv + new_row)
        until = time.monotonic() + ROUND_WITHIN_S
        while not any(self._ends()):
            assert time.monotonic() < until, f"round {number} has not ended within {ROUND_WITHIN_S} s"

    def _put(self, dataset: str, path: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._local.ready["bucket"], Key=f"datasets/{dataset}/{path}", Body=body)

    def _ends(self) -> Iterator[bool]:
        """Take the messages that have arrived: true for a tuning job that completed."""
        url = self._queue["url"]
        found = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        for message in found.get("Messages", []):
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            yield "Completed" in message["Body"]


def show(local: LocalAws, rounds: int, every: int, datasets: int) -> tuple[Row, Row]:
    """Print a row after each `every` rounds; return the first and the last."""
    uploads, rows = Uploads(local), []
    names = [f"d{number}" for number in range(datasets)]
    for name in names:
        uploads.begin(name)
    print(
        f"\n{'rounds':>8}{'server MB':>12}{'CPU s':>8}{'MB per function':>17}{'CPU s':>8}{'loop ms':>9}   CPU per round"
    )
    before, loops = (usage_of_server(local), usage_of_functions(local)), list[float]()
    for number in range(1, rounds + 1):
        uploads.round(names[number % datasets], number)
        loops.append(loop_s())
        if number % every == 0:
            now = usage_of_server(local), usage_of_functions(local)
            rows.append(row := _row(before, now, every, statistics.fmean(loops)))
            print(f"{number:>8}{row.server_mb:>12.0f}{row.server_s:>8.3f}{row.function_mb:>17.0f}{row.functions_s:>8.3f}"
                  f"{1000 * row.loop_s:>9.2f}", flush=True)  # fmt: skip
            before, loops = now, []
    return rows[0], rows[-1]


def loop_s() -> float:
    """The CPU time of a loop that always does the same."""
    began = time.process_time()
    json.loads(json.dumps([{"number": number, "text": str(number)} for number in range(3000)]))
    return time.process_time() - began


def _row(before: tuple[Usage, Usage], now: tuple[Usage, Usage], rounds: int, loop: float) -> Row:
    server_s, functions_s = ((after.cpu_s - was.cpu_s) / rounds for was, after in zip(before, now, strict=True))
    return Row(now[0].memory_mb, server_s, now[1].memory_mb_each, functions_s, loop)


if __name__ == "__main__":
    main()
