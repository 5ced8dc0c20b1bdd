"""What `tests/conftest.py` adds to pytest's report, seen through pytest-xdist as the suites run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]
CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SUITE = """
import pytest

def test_that_measures(record_property):
    record_property("the image", "114 MB")

@pytest.mark.xdist_group("store")
def test_that_has_no_engine():
    pytest.skip("no engine here")
"""


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of that suite where skips are allowed."""
    return reported(tmp_path_factory.mktemp("allowed"))


@pytest.fixture(scope="module")
def forbidden(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of that suite where they are not."""
    return reported(tmp_path_factory.mktemp("forbidden"), RETUNE_NO_SKIPS="1")


def reported(folder: Path, **variables: str) -> Ran:
    """In two workers."""
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    (folder / "test_suite.py").write_text(SUITE)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "RETUNE_NO_SKIPS"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_skip_is_green_where_it_is_allowed_and_its_reason_is_shown(
    allowed: Ran,
) -> None:
    assert allowed.returncode == 0, allowed.stdout
    assert "no engine here" in allowed.stdout
    assert "1 passed, 1 skipped" in allowed.stdout


def test_a_skip_fails_where_it_is_forbidden_and_its_reason_is_shown(
    forbidden: Ran,
) -> None:
    assert forbidden.returncode == 1, forbidden.stdout
    assert "no engine here" in forbidden.stdout
    assert "1 failed, 1 passed" in forbidden.stdout


def test_what_a_test_measured_is_shown_once(allowed: Ran, forbidden: Ran) -> None:
    for ran in (allowed, forbidden):
        assert ran.stdout.splitlines().count("the image: 114 MB") == 1, ran.stdout
