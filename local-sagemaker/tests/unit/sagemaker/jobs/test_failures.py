"""What a job's thread makes of an exception: the job's failure, never a job that does not end."""

import logging

import pytest

from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.jobs.failures import run_to_end


def failed(reason: str) -> str:
    return f"failed: {reason}"


def raises(error: Exception) -> str:
    raise error


def test_a_run_that_raises_nothing_keeps_its_end() -> None:
    assert run_to_end(lambda: "done", failed, "training job t") == "done"


def test_a_fault_of_the_data_is_the_reason_in_its_own_words() -> None:
    fault = DataFault("ClientError: no channel")

    assert run_to_end(lambda: raises(fault), failed, "training job t") == "failed: ClientError: no channel"


def test_any_other_exception_is_an_internal_error_and_its_traceback_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        end = run_to_end(lambda: raises(KeyError("x")), failed, "training job t")

    assert end == "failed: InternalServerError: KeyError: 'x'"
    (record,) = caplog.records
    assert record.getMessage() == "training job t failed with an internal error"
    assert record.exc_info is not None and record.exc_info[0] is KeyError
