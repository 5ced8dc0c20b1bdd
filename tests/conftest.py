"""What all suites share: skips that count, and one local AWS with Retune deployed in it for the session."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

SKIPS_FAIL = os.environ.get("RETUNE_NO_SKIPS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With RETUNE_NO_SKIPS=1 a skipped test is a failed one: what was not looked at is not green."""
    return _counted((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    return _counted((yield))


def _counted(report: Any) -> Any:
    if SKIPS_FAIL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, which RETUNE_NO_SKIPS=1 forbids: {reason}"
    return report
