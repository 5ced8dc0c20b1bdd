"""What all suites share: skips that count, and a local AWS with Retune deployed in it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.conventions import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401 - hooks

if TYPE_CHECKING:  # a unit test must not wait for the local AWS to be imported
    from cli.local.stack import Running
    from cli.target.stack import Stack
    from local_sagemaker import Published

# A script's background job is deaf to Ctrl-C, and so are its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadgroup` the heavy tests' groups stay together."""
    if config.getoption("dist") != "loadgroup":
        return None
    from tests.support.heavy.groups import Groups

    return Groups(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what tests measured: `record_property` reaches the summary from every worker."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    for name, value in dict.fromkeys(pair for one in reports for pair in map(tuple, one.user_properties)):
        terminalreporter.write_line(f"{name}: {value}")


@dataclass(frozen=True)
class Deployed:
    """Retune deployed in a local AWS of this process; `heard` is every notification so far."""

    running: "Running"
    heard: list["Published"] = field(default_factory=list)

    @property
    def stack(self) -> "Stack":
        return self.running.stack

    def client(self, service: str) -> Any:
        return self.stack.target.client(service)

    def heard_of(self, dataset: str) -> list["Published"]:
        """The notifications that speak of this dataset."""
        return [said for said in self.heard if dataset in f"{said.subject} {said.message}"]


@contextmanager
def deployed(home: Path) -> Iterator[Deployed]:
    """Retune in a local AWS, with a settle time of a second. One at a time in one process."""
    from cli.local.stack import running_stack

    heard: list[Published] = []
    with running_stack(home, parameters={"SettleSeconds": "1"}, on_published=heard.append) as running:
        yield Deployed(running, heard)


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """One for the tests of a file, since those of another start local AWSs of their own: give each test a dataset."""
    with deployed(tmp_path_factory.mktemp("local-aws")) as local:
        yield local
