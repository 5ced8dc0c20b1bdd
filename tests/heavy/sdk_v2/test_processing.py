"""The `sagemaker` SDK of the second generation, unchanged: a ScriptProcessor runs scripts on the local AWS."""

from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.clients import SDK_V2

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def told(alone: Alone) -> dict[str, Any]:
    """What the story saw."""
    return alone.tell(SDK_V2, "sdk_v2/processing.py")


def test_a_script_processor_runs_a_script_on_its_input(told: dict[str, Any]) -> None:
    assert told["counted"]["status"] == "Completed"
    assert told["counted"]["output"] == "lines 150"


def test_its_log_and_message_are_shown(told: dict[str, Any]) -> None:
    assert "counted flowers" in told["counted"]["log"]
    assert told["counted"]["message"] == "counted"


def test_its_tags_are_there(told: dict[str, Any]) -> None:
    assert {"Key": "owner", "Value": "sdk"} in told["counted"]["tags"]


def test_a_script_that_fails_raises_with_its_exit_code(told: dict[str, Any]) -> None:
    assert "Failed. Reason: AlgorithmError: , exit code: 7" in told["failed"]


def test_a_job_that_is_told_to_stop_has_stopped(told: dict[str, Any]) -> None:
    assert told["stopped"] == "Stopped"
