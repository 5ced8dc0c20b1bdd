"""Events reach the bus of the other emulator in their order, whenever it answers."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from local_sagemaker.beside import outbox
from local_sagemaker.beside.outbox import Outbox, refusal
from support.account import eventually
from support.beside.events import Pending, event

FAILED: dict[str, Any] = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "NotAuthorized", "ErrorMessage": "no"}]}


class Bus:
    """EventBridge's client with a memory; `faults` are raised or returned first."""

    def __init__(self, *faults: Any) -> None:
        self.entries: list[dict[str, Any]] = []
        self.faults = list(faults)

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        if fault:
            return dict(fault)
        self.entries += Entries
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}


def failure(status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": "Oh", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutEvents"
    )


def sent(bus: Bus) -> list[str]:
    return [json.loads(entry["Detail"])["TrainingJobName"] for entry in bus.entries]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "RETRY_S", 0.01)


def test_an_entry_has_what_the_event_has() -> None:
    bus = Bus()

    assert refusal(bus, event("a")) is None

    (entry,) = bus.entries
    assert entry["Time"].isoformat() == "2026-01-02T03:04:05+00:00"
    assert (entry["Source"], entry["Resources"]) == ("aws.sagemaker", ["arn:a"])
    assert entry["DetailType"] == "SageMaker Training Job State Change"


@pytest.mark.parametrize("fault", [FAILED, failure(400)])
def test_a_refusal_has_its_reason(fault: Any) -> None:
    assert "no" in str(refusal(Bus(fault), event("a")))


def test_events_are_sent_in_their_order_and_then_forgotten() -> None:
    bus, pending = Bus(), Pending()
    box = Outbox(bus, pending)  # type: ignore[arg-type]

    for name in "abc":
        box.put(event(name))

    eventually(lambda: not pending.rows)
    box.stop()
    assert sent(bus) == ["a", "b", "c"]


@pytest.mark.parametrize("fault", [EndpointConnectionError(endpoint_url="x"), failure(503)])
def test_an_event_waits_for_an_emulator_that_does_not_answer(fault: Exception) -> None:
    bus, pending = Bus(fault, fault), Pending()
    box = Outbox(bus, pending)  # type: ignore[arg-type]

    box.put(event("a"))
    box.put(event("b"))

    eventually(lambda: not pending.rows)
    box.stop()
    assert sent(bus) == ["a", "b"]


def test_a_refused_event_does_not_keep_the_next_ones_waiting() -> None:
    bus, pending = Bus(FAILED), Pending()
    box = Outbox(bus, pending)  # type: ignore[arg-type]

    box.put(event("a"))
    box.put(event("b"))

    eventually(lambda: not pending.rows)
    box.stop()
    assert sent(bus) == ["b"]


def test_what_was_not_sent_is_sent_by_the_next_outbox() -> None:
    bus, pending = Bus(), Pending()
    stopped = Outbox(bus, pending)  # type: ignore[arg-type]
    stopped.stop()
    stopped.put(event("a"))

    box = Outbox(bus, pending)  # type: ignore[arg-type]

    eventually(lambda: not pending.rows)
    box.stop()
    assert sent(bus) == ["a"]


def test_stopping_does_not_wait_for_an_emulator_that_never_answers() -> None:
    bus, pending = Bus(*[failure(503)] * 100_000), Pending()
    box = Outbox(bus, pending)  # type: ignore[arg-type]
    box.put(event("a"))
    eventually(lambda: len(bus.faults) < 100_000)

    box.stop()

    assert len(pending.rows) == 1
