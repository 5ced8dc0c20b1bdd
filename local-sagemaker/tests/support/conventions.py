"""What holds for every test: a skip can be made to fail, and Hypothesis judges nothing by the clock.

The hooks are for a conftest.py to import.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Hypothesis reads every source file for constants before its first example, and keeps them in `.hypothesis/`. Without
# that cache, on a busy machine, the reading took 21 s, which Hypothesis counts as slow generation and fails at 1 s. The
# clock says nothing about these tests, so neither check of it is made; all other health checks are. What was active
# stays the parent: with CI=true Hypothesis tries the same examples each time.
_ACTIVE = settings.get_profile(settings.get_current_profile_name())
settings.register_profile("any machine", _ACTIVE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

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
