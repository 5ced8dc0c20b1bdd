"""A Lambda's log event as a person reads it: the time in UTC, the level, what happened, the facts. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FRAME = {
    "level", "location", "message", "timestamp", "service", "cold_start", "function_name", "function_memory_size",
    "function_arn", "function_request_id", "xray_trace_id", "exception", "exception_name", "stack_trace",
}  # fmt: skip
"""What Powertools' Logger adds to each line: the same on all of them, or shown in a place of its own."""
NOISE = ("START ", "END ", "INIT_START ")


def readable(at_ms: int, message: str) -> str | None:
    """One line, and an exception's own below it; None for what only machines want: metrics, an invocation's frame."""
    text = message.rstrip("\n")
    if text.startswith(NOISE):
        return None
    said = parsed(text)
    if not isinstance(said, dict):
        return f"{_moment(at_ms)} {text}"
    if "_aws" in said:  # the embedded metric format
        return None
    words = [_moment(at_ms), f"{said.get('level', ''):5}", str(said.get("message", "")), *_facts(said)]
    trace = str(said.get("exception", "")).rstrip("\n")
    below = "".join(f"\n    {line}" for line in trace.split("\n")) if trace else ""
    return " ".join(words) + below


def parsed(message: str) -> Any:
    """What the line says: an object if it is one in JSON, else its text."""
    try:
        said = json.loads(message)
    except ValueError:
        return message
    return said if isinstance(said, dict) else message


def _facts(said: Mapping[str, Any]) -> list[str]:
    return [f"{name}={_shown(value)}" for name, value in said.items() if name not in FRAME]


def _shown(value: Any) -> str:
    """As it is, if it is one word; else as JSON, so that it is clear where it ends."""
    if isinstance(value, str) and value and not set(value) & set(' "=\n'):
        return value
    return json.dumps(value, ensure_ascii=False)


def _moment(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"
