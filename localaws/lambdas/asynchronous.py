"""Asynchronous invocation: retried when the function fails, then handed to a destination or dead letters."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

from localaws.lambdas.values import Function, Outcome

_log = logging.getLogger(__name__)

Send = Callable[[str, str, dict[str, str]], None]  # queue or topic ARN, body, string attributes


class Asynchronous:
    """Events on their way to functions; each of `retry_delays_s` is one more attempt."""

    def __init__(
        self,
        find: Callable[[str], Function | None],
        invoke: Callable[[Function, bytes], Outcome],
        send: Send,
        retry_delays_s: Sequence[float],
    ) -> None:
        self._find = find
        self._invoke = invoke
        self._send = send
        self._retry_delays_s = retry_delays_s
        self._stopping = Event()

    def submit(self, function_arn: str, payload: bytes) -> None:
        """Returns at once; the function gets the event at least once."""
        Thread(target=self._run, args=(function_arn, payload), name="lambda-event", daemon=True).start()

    def stop(self) -> None:
        """No further attempt is made."""
        self._stopping.set()

    def _run(self, function_arn: str, payload: bytes) -> None:
        for attempt, delay_s in enumerate((0.0, *self._retry_delays_s), start=1):
            if self._stopping.wait(delay_s):
                return
            function = self._find(function_arn)  # each time: it may have been changed or deleted
            if function is None:
                _log.warning("an event for %s is lost: there is no such function", function_arn)
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
            self._send(function.on_failure_arn, json.dumps(_record(function, payload, outcome, attempts)), {})
        if function.dead_letter_arn:
            attributes = {
                "RequestID": outcome.request_id,
                "ErrorCode": "200",
                "ErrorMessage": outcome.error_message,
            }
            self._send(function.dead_letter_arn, payload.decode(), attributes)


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
