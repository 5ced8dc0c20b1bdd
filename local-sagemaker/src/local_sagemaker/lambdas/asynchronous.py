"""Asynchronous invocation: retries failed events, then sends them to a destination or dead-letter queue."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Protocol

from local_sagemaker.lambdas.values import Function, Outcome

_log = logging.getLogger(__name__)

Send = Callable[[Function, str, str, dict[str, str]], None]  # function, queue or topic ARN, body, string attributes


class Pending(Protocol):
    """Events that no function has finished handling yet."""

    def add(self, function_arn: str, payload: bytes) -> str:
        """Store the event; return its name."""

    def remove(self, name: str) -> None:
        """Remove an event that was handled or given up."""

    def all(self) -> list[tuple[str, str, bytes]]:
        """(name, function's ARN, payload), oldest first."""


class AsyncInvoker:
    """Deliver events to functions; each of `retry_delays_s` is one retry."""

    def __init__(
        self,
        find: Callable[[str], Function | None],
        invoke: Callable[[Function, bytes], Outcome],
        send: Send,
        retry_delays_s: Sequence[float],
        pending: Pending,
    ) -> None:
        self._find = find
        self._invoke = invoke
        self._send = send
        self._retry_delays_s = retry_delays_s
        self._pending = pending
        self._stopping = Event()

    def submit(self, function_arn: str, payload: bytes) -> None:
        """Queue the event and return immediately; the function gets it at least once."""
        self._begin(self._pending.add(function_arn, payload), function_arn, payload)

    def resume(self) -> None:
        """Restart, from their first attempt, the events that an earlier process accepted and did not finish."""
        for name, function_arn, payload in self._pending.all():
            self._begin(name, function_arn, payload)

    def stop(self) -> None:
        """Make no further attempts."""
        self._stopping.set()

    def _begin(self, name: str, function_arn: str, payload: bytes) -> None:
        def run() -> None:
            self._run(function_arn, payload)
            if not self._stopping.is_set():
                self._pending.remove(name)

        Thread(target=run, name="lambda-event", daemon=True).start()

    def _run(self, function_arn: str, payload: bytes) -> None:
        for attempt, delay_s in enumerate((0.0, *self._retry_delays_s), start=1):
            if self._stopping.wait(delay_s):
                return
            function = self._find(function_arn)  # for each attempt: it may have changed or been deleted
            if function is None:
                _log.warning("an event for %s is lost: the function does not exist", function_arn)
                return
            outcome = self._invoke(function, payload)
            if not outcome.is_error or self._stopping.is_set():
                return
            _log.warning("%s failed, attempt %d: %s", function.name, attempt, outcome.error_message)
            if attempt == min(function.retries, len(self._retry_delays_s)) + 1:
                self._give_up(function, payload, outcome, attempt)
                return

    def _give_up(self, function: Function, payload: bytes, outcome: Outcome, attempts: int) -> None:
        if function.on_failure_arn:
            record = json.dumps(_record(function, payload, outcome, attempts))
            self._send(function, function.on_failure_arn, record, {})
        if function.dead_letter_arn:
            attributes = {
                "RequestID": outcome.request_id,
                "ErrorCode": "200",
                "ErrorMessage": outcome.error_message,
            }
            self._send(function, function.dead_letter_arn, payload.decode(), attributes)


def _record(function: Function, payload: bytes, outcome: Outcome, attempts: int) -> dict[str, Any]:
    """docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": outcome.request_id,
            "functionArn": f"{function.arn}:{function.version}",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": json.loads(payload),
        "responseContext": {
            "statusCode": 200,
            "executedVersion": function.version,
            "functionError": "Unhandled",
        },
        "responsePayload": json.loads(outcome.payload),
    }
