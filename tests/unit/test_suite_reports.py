"""What `tests/conftest.py` adds to pytest's report, seen through pytest-xdist as the suites run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.heavy.groups import GROUP_OF, group_of, position

PODMANS = [file for file, group in GROUP_OF.items() if group == "podman"]
PASSING = 1 + 3 * len(PODMANS)
"""The test that measures, and three of each file of a group."""
Ran = subprocess.CompletedProcess[str]
ROOT = str(Path(__file__).resolve().parents[2])
CONFTEST = Path(ROOT, "tests", "conftest.py")
SUITE = """
import pytest

def test_that_measures(record_property):
    record_property("the image", "114 MB")

def test_that_has_no_engine():
    pytest.skip("no engine here")
"""
OF_A_GROUP = """
import pytest, time

@pytest.mark.parametrize("number", range(3))
def test_where_it_runs(number, worker_id, record_property):
    record_property("podman is of", worker_id)
    time.sleep(0.1)
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
    for name in PODMANS:
        (folder / name).write_text(OF_A_GROUP)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != "RETUNE_NO_SKIPS"},
            "PYTHONPATH": os.pathsep.join([ROOT, f"{ROOT}/local-sagemaker/tests"]),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_skip_is_green_where_it_is_allowed_and_its_reason_is_shown(
    allowed: Ran,
) -> None:
    assert allowed.returncode == 0, allowed.stdout
    assert "no engine here" in allowed.stdout
    assert f"{PASSING} passed, 1 skipped" in allowed.stdout


def test_a_skip_fails_where_it_is_forbidden_and_its_reason_is_shown(
    forbidden: Ran,
) -> None:
    assert forbidden.returncode == 1, forbidden.stdout
    assert "no engine here" in forbidden.stdout
    assert f"1 failed, {PASSING} passed" in forbidden.stdout


def test_what_a_test_measured_is_shown_once(allowed: Ran, forbidden: Ran) -> None:
    for ran in (allowed, forbidden):
        assert ran.stdout.splitlines().count("the image: 114 MB") == 1, ran.stdout


def test_files_of_one_group_share_a_worker(allowed: Ran) -> None:
    assert len(PODMANS) > 1
    assert len([line for line in allowed.stdout.splitlines() if line.startswith("podman is of: gw")]) == 1


def test_tests_that_share_nothing_are_groups_of_their_own() -> None:
    assert group_of("tests/heavy/test_bare_root.py::test_a[x/y::z]") == "tests/heavy/test_bare_root.py::test_a[x/y::z]"
    assert group_of("tests/heavy/test_sdk_v3.py::test_a") == group_of("tests/heavy/test_sagemaker_sdk.py::test_b")
    assert group_of("tests/heavy/sdk_v2/test_tuner.py::test_a") == group_of("tests/heavy/test_notebook.py::test_b")
    assert group_of("tests/local/pipeline/test_chaos.py::test_a") == "tests/local/pipeline/test_chaos.py"


def test_each_file_that_is_named_is_there_and_bare_roots_start_first() -> None:
    assert [name for name in GROUP_OF if not Path(ROOT, "tests", "heavy", name).is_file()] == []
    assert (position("test_bare_root.py"), position("test_checkov.py")) == (0, len(GROUP_OF))
