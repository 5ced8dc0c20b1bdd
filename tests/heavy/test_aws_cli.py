"""The AWS CLI from PyPI, in an environment of its own, against the local AWS: two plain copies are all it takes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import AWS_CLI

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def aws() -> Path:
    """The `aws` program."""
    return AWS_CLI.install() / "bin" / "aws"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Shell exports of a local AWS that is up, as `./retune env` prints them."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    inherited |= {"RETUNE_STATE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "cli"]
    with (tmp_path / "said.txt").open("w") as said:
        words = [*command, "up", "--json", "--settle", "1"]
        up = subprocess.Popen(words, env=inherited, stdout=subprocess.PIPE, stderr=said, text=True)
    assert up.stdout is not None
    ready = json.loads(up.stdout.readline())
    exported = subprocess.run([*command, "env"], env=inherited, check=True, capture_output=True, text=True).stdout
    script = f"set -a\n{exported}\nenv -0"
    raw = subprocess.run(["sh", "-ec", script], env=inherited, check=True, capture_output=True, text=True).stdout
    yield {**dict(line.split("=", 1) for line in raw.split("\0") if "=" in line), "BUCKET": ready["bucket"]}
    up.terminate()
    up.wait(60)


@pytest.mark.parametrize("order", [("data", "spec"), ("spec", "data")])
def test_two_plain_copies_in_either_order_fill_the_ledger_and_bring_the_message(
    order: tuple[str, str], aws: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    spec = tmp_path / "tuning.json"
    spec.write_text('{"target": "Sepal.Length", "seed": 1}')
    folder = f"s3://{environment['BUCKET']}/datasets/iris"
    copies = {
        "data": [ROOT / "examples" / "iris.csv", f"{folder}/train/iris.csv"],
        "spec": [spec, f"{folder}/tuning.json"],
    }

    for what in order:
        subprocess.run([aws, "s3", "cp", *map(str, copies[what])], env=environment, check=True, cwd=tmp_path)

    assert best_of_iris(environment)["status"] == "Completed"
    assert "[retune] iris: mse" in (tmp_path / "said.txt").read_text()


def best_of_iris(environment: dict[str, str]) -> dict[str, object]:
    asked = subprocess.CompletedProcess[str]([], 4, "", "")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        asked = subprocess.run(
            [sys.executable, "-P", "-m", "cli", "best", "iris", "--json"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode == 0:
            return dict(json.loads(asked.stdout))
        time.sleep(0.5)
    raise AssertionError(f"no best model after two minutes: {asked.stdout} {asked.stderr}")
