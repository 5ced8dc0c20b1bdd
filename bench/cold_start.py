"""Measure each Lambda's cold start, from process start to first response, against a minimal Lambda of its kind.

    .retune/venv/bin/python -m bench.cold_start                  some minutes; best on an otherwise idle machine

Both run under AWS's runtime client from a read-only task root, with the bytecode of the packaged zip. The floor is an
app with Chalice, Powertools' Logger and boto3 that creates the same clients as the Lambda, makes as many calls with
each to the local AWS, and responds.
"""

import argparse
import hashlib
import io
import itertools
import json
import py_compile
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.machine import this_machine
from cli.local.stack import running_stack
from cli.paths import ROOT
from local_sagemaker.lambdas.values import Function
from tests.support.lambdas import cold
from tests.support.lambdas.recorded import Lambdas, batch, event
from tests.support.local.deployed import Deployed

ALLOWED = 1.3
_builds = itertools.count(1)
FLOOR = """
import os
from contextlib import suppress

import boto3
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from chalice import Chalice, ConvertToMiddleware

app = Chalice(app_name="floor")
logger = Logger(service="floor-lambdas")
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))


CALLS = {
    "dynamodb": "list_tables",
    "ecr": "describe_repositories",
    "logs": "describe_log_groups",
    "s3": "list_buckets",
    "sagemaker": "list_training_jobs",
    "sns": "list_topics",
    "sqs": "list_queues",
}


@app.lambda_function()
def answer(event, context):
    for entry in os.environ["CALLS"].split():
        service, number = entry.split(":")
        client = boto3.client(service)
        for _ in range(int(number)):
            with suppress(ClientError):  # its role may deny it, which is a response too
                getattr(client, CALLS[service])()
    return {}
"""


@dataclass(frozen=True)
class Contender:
    """A Lambda, a source of its events, and its floor."""

    name: str
    function: Function
    next_event: Callable[[], Any]
    floor: Function


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="cold starts of each Lambda and of its floor")
    runs = parser.parse_args().runs
    print(this_machine())
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "home", parameters={"SettleSeconds": "1"}) as running,
    ):
        show(Lambdas(Deployed(running)), Path(folder) / "code", runs)


def show(lambdas: Lambdas, home: Path, runs: int) -> None:
    home.mkdir()
    running = lambdas.deployed.running
    contenders = [contender(lambdas, name, make, home) for name, make in works(lambdas).items()]
    took: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for _ in range(runs):
        for one in contenders:  # alternately, so that both see the same machine
            for who, function, given in (("ours", one.function, one.next_event()), ("floor", one.floor, {})):
                started = cold.start(running, function, given, home)
                assert not started.error, started.log
                took.setdefault((one.name, who), []).append((1000 * started.took_s, 1000 * started.cpu_s))
    columns = f"{'time':>6}{'floor':>7}{'ratio':>7}{'CPU':>7}{'floor':>7}{'ratio':>7}   calls"
    print(f"\n{f'medians of {runs}, ms':32}{columns}")
    worst = max(show_one(one, took) for one in contenders)
    if worst > ALLOWED:
        sys.exit(f"A Lambda takes {worst:.2f} times its floor; {ALLOWED} is allowed.")


def show_one(one: Contender, took: dict[tuple[str, str], list[tuple[float, float]]]) -> float:
    """Print its line, and return its time divided by its floor's."""
    line, ratios = f"{one.name:32}", []
    for place, width in ((0, 6), (1, 7)):
        ours, floor = (statistics.median(run[place] for run in took[one.name, who]) for who in ("ours", "floor"))
        ratios.append(ours / floor)
        line += f"{ours:>{width}.0f}{floor:>7.0f}{ratios[-1]:>7.2f}"
    print(f"{line}   {dict(one.floor.environment)['CALLS']}")
    return ratios[0]


def works(lambdas: Lambdas) -> dict[str, Callable[[], Any]]:
    """Return sources of events that give a handler its usual work, or none."""
    deployed = lambdas.deployed
    tags = {"stack": deployed.stack.name, "dataset": "ended", "fingerprint": "0" * 64, "attempt": "1"}
    ended = lambdas.failed_tuning_job(
        f"{deployed.stack.prefix}-ended-00000000-a1", {f"retune:{key}": tags[key] for key in tags}
    )
    files = {"train/iris.csv": (ROOT / "examples" / "iris.csv").read_bytes()}
    files["tuning.json"] = b'{"target": "Sepal.Length", "start": "marker"}'
    for path, body in files.items():
        deployed.client("s3").put_object(Bucket=deployed.stack.bucket_name, Key=f"datasets/waits/{path}", Body=body)

    def tuning_ended() -> Any:
        key = {"pk": {"S": "dataset#ended"}, "sk": {"S": f"job#{'0' * 64}#a01"}}
        deployed.client("dynamodb").delete_item(TableName=deployed.stack.table, Key=key)
        return ended

    def build_ended() -> Any:
        failed = event("codebuild/failed")
        failed["detail"]["build-id"] += f"-{next(_builds)}"
        return failed

    return {
        "on_upload, foreign message": lambda: event("sqs/batch"),
        "on_upload": lambda: batch(json.dumps({"dataset": "waits"})),
        "on_tuning_ended, foreign job": lambda: event("sagemaker/completed"),
        "on_tuning_ended": tuning_ended,
        "on_build_ended": build_ended,
        "sweep": lambda: event("events/scheduled"),
    }


def contender(lambdas: Lambdas, name: str, next_event: Callable[[], Any], home: Path) -> Contender:
    running = lambdas.deployed.running
    function = cold.find(running, name.partition(",")[0])
    seen = cold.start(running, function, next_event(), home, watched=True)
    assert not seen.error, seen.log
    made = {service: seen.calls[service] for service in sorted(seen.clients)}
    code = floor_of(function.code)
    floor = replace(
        function,
        handler="app.answer",
        code=code,
        code_sha=hashlib.sha256(code).hexdigest(),
        environment=(("CALLS", " ".join(f"{service}:{number}" for service, number in made.items())),),
    )
    cold.start(running, floor, {}, home)  # unpacks the package
    return Contender(name, function, next_event, floor)


def floor_of(code: bytes) -> bytes:
    """Build the package with the floor as its app, with the same shipped and compiled dependencies."""
    floor = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(code)) as ours, zipfile.ZipFile(floor, "w") as made:
        for name in ours.namelist():
            if not name.startswith(("app.py", "__pycache__/app.", "chalicelib/")):
                made.writestr(name, ours.read(name))
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "app.py"
            source.write_text(FLOOR)
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
            compiled = Path(py_compile.compile(str(source), dfile="app.py", invalidation_mode=mode))
            made.write(source, "app.py")
            made.write(compiled, f"__pycache__/{compiled.name}")
    return floor.getvalue()


if __name__ == "__main__":
    main()
