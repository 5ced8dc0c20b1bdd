"""What the heavy suites share."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alone import Alone
from cache import ROOT
from clients import surroundings
from podman import Podman, own_podman

from cli.bundle import package
from cli.deploy.sam import transform
from cli.paths import STATE

CLI = [sys.executable, "-P", "-m", "cli"]
GROUP_OF = {
    "test_bare_root.py": None,
    "test_buildspec_runs.py": "podman",
    "test_image.py": "podman",
    "test_training_in_podman.py": "podman",
    "test_seeded_faults.py": None,
    "test_docs.py": "docs",
    "test_sdk_v3.py": "sagemaker-v3",
    "test_sagemaker_sdk.py": "sagemaker-v3",
    "test_sdk_v2.py": "sagemaker-v2",
    "test_notebook.py": "sagemaker-v2",
    "test_aws_cli.py": "aws-cli",
    "test_aws_cli_sagemaker.py": "aws-cli",
}
"""The files in the order in which they start, the longest first, each with what its tests share and so need one worker
for: a store or an environment. Tests that share nothing go to any worker. A file that is not named comes last, as a
group of its own.

A worker gets its next group in advance: behind a bare root that is a seeded fault, which may wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group and order the tests for pytest-xdist."""
    order = list(GROUP_OF)
    for item in items:
        if group := GROUP_OF.get(item.path.name, item.path.name):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: order.index(item.path.name) if item.path.name in order else len(order))


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """One for all tests: give each names of its own."""
    folder = tmp_path_factory.mktemp("alone")
    clean = {**surroundings(folder / "home"), "RETUNE_STATE": str(folder / "state"), "PYTHONPATH": str(ROOT)}
    with (folder / "said.txt").open("w") as said:
        words = [*CLI, "up", "--only-aws", "--json"]
        process = subprocess.Popen(words, env=clean, stdout=subprocess.PIPE, stderr=said, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (folder / "said.txt").read_text()
    exported = subprocess.run([*CLI, "env"], env=clean, check=True, capture_output=True, text=True).stdout
    yield Alone(json.loads(line), {**surroundings(folder / "home"), **exports(exported)})
    process.send_signal(signal.SIGTERM)
    process.wait(60)


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    """One store for all tests, so that what one has built is another's layer cache."""
    with own_podman(tmp_path_factory.mktemp("podman")) as podman:
        yield podman


@pytest.fixture(scope="session")
def plain() -> dict[str, Any]:
    """The stack as CloudFormation gets it."""
    packaged = package(ROOT, STATE / "packaged", "us-east-1")
    return transform(packaged.template, "artifacts", "code.zip", "us-east-1")


def exports(script: str) -> dict[str, str]:
    """The variables that such lines set."""
    lines = [shlex.split(line) for line in script.splitlines()]
    return dict(words[1].split("=", 1) for words in lines if words[0] == "export")
