"""What a Lambda logged, as a person reads it. The lines are as Powertools' Logger and Lambda write them."""

import json

from cli.logs.lines import parsed, readable

AT_MS = 1_767_323_045_678  # 2026-01-02 03:04:05.678 UTC
FRAME = {
    "level": "INFO",
    "location": "note:98",
    "message": "start",
    "timestamp": "2026-01-02 03:04:05,678+0000",
    "service": "retune-lambdas",
    "cold_start": True,
    "function_name": "retune-OnUpload-1",
    "function_memory_size": "256",
    "function_arn": "arn:aws:lambda:us-east-1:123456789012:function:retune-OnUpload-1",
    "function_request_id": "7c0b",
}


def test_a_line_in_json_is_its_time_level_message_and_facts() -> None:
    line = json.dumps({**FRAME, "dataset": "iris", "attempt": 1, "reason": "New data."})

    assert readable(AT_MS, line) == '2026-01-02 03:04:05 INFO  start dataset=iris attempt=1 reason="New data."'


def test_an_exception_stands_below_its_line() -> None:
    trace = "Traceback (most recent call last):\n  File …\nKeyError: 'a'"
    line = json.dumps({**FRAME, "level": "ERROR", "message": "reconciling failed", "exception": trace})

    first, *below = (readable(AT_MS, line) or "").split("\n")

    assert first == "2026-01-02 03:04:05 ERROR reconciling failed"
    assert below == ["    Traceback (most recent call last):", "      File …", "    KeyError: 'a'"]


def test_a_line_that_is_no_json_is_shown_as_it_is() -> None:
    line = "RequestId: 7c0b Error: Task timed out after 300.00 seconds\n"

    assert readable(AT_MS, line) == f"2026-01-02 03:04:05 {line.rstrip()}"
    assert readable(AT_MS, "42") == "2026-01-02 03:04:05 42"


def test_an_invocations_frame_and_its_metrics_are_left_out() -> None:
    metrics = json.dumps({"_aws": {"Timestamp": AT_MS}, "start": [1.0]})

    assert readable(AT_MS, "START RequestId: 7c0b Version: $LATEST") is None
    assert readable(AT_MS, metrics) is None
    assert readable(AT_MS, "REPORT RequestId: 7c0b Duration: 12.00 ms") is not None


def test_what_machines_get_is_the_object_itself() -> None:
    assert parsed('{"a": 1}') == {"a": 1}
    assert parsed("plain") == "plain"
    assert parsed("[1]") == "[1]"
