"""Sends SageMaker's events to the event bus of another emulator."""

import json
import logging
from datetime import datetime
from threading import Event, Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_sagemaker.durability.pending import PendingEvents

RETRY_S = 1.0
_BUS = "default"
_log = logging.getLogger(__name__)


class Outbox:
    """Sends events in the order in which they were put, from its own thread, from construction until `stop()`.

    An event is saved together with the change that it announces, and until the bus has it: while the emulator does not
    answer, events wait; after a crash, the last one may arrive twice, as on AWS. One that the bus refuses is
    logged and dropped. The thread keeps senders from waiting for the emulator while they hold the turn."""

    def __init__(self, events: Any, pending: PendingEvents) -> None:
        self._events = events
        self._pending = pending
        self._put = Event()
        self._stopped = Event()
        self._put.set()  # an earlier process may have left some
        self._thread = Thread(target=self._run, name="event-outbox", daemon=True)
        self._thread.start()

    def put(self, event: dict[str, Any]) -> None:
        """Save a complete event and return immediately."""
        self._pending.add(_BUS, json.dumps(event).encode())
        self._put.set()

    def stop(self) -> None:
        """Send nothing more; what was not sent stays saved."""
        self._stopped.set()
        self._put.set()
        self._thread.join()

    def _run(self) -> None:
        while self._put.wait() and not self._stopped.is_set():
            self._put.clear()
            for name, _, payload in self._pending.all():
                if not self._deliver(json.loads(payload)):
                    return
                self._pending.remove(name)

    def _deliver(self, event: dict[str, Any]) -> bool:
        """Try until the bus has accepted or refused it; False if stopped before that."""
        while not self._stopped.is_set():
            try:
                if refused := refusal(self._events, event):
                    _log.warning("the event bus refused %s: %s", event["detail-type"], refused)
                return True
            except (BotoCoreError, ClientError) as error:
                _log.warning("the event bus does not answer, which is tried again: %s", error)
                self._stopped.wait(RETRY_S)
        return False


def refusal(events: Any, event: dict[str, Any], bus: str = _BUS) -> str | None:
    """Put a complete event on the bus; return the reason if it is refused.

    Raises: ClientError, BotoCoreError: the emulator does not answer, or failed."""
    entry = {
        "Time": datetime.fromisoformat(event["time"]),
        "Source": event["source"],
        "Resources": event["resources"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "EventBusName": bus,
    }
    try:
        result = events.put_events(Entries=[entry])
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise
        return str(error)
    failed = [f"{one['ErrorCode']}: {one.get('ErrorMessage')}" for one in result["Entries"] if "ErrorCode" in one]
    return "; ".join(failed) or None
