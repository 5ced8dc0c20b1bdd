"""What all suites share: skips that count, and a local AWS with Retune deployed in it."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from support.conventions import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401 - hooks
from tests.support.local.deployed import Deployed, deployed

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


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """One for the tests of a file, since those of another start local AWSs of their own: give each test a dataset."""
    with deployed(tmp_path_factory.mktemp("local-aws")) as local:
        yield local
