"""Finds out what another emulator can do, by one harmless call to each service that SageMaker and its users need."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

from local_sagemaker.beside.outbox import refusal
from local_sagemaker.beside.url import UnusableEmulator
from local_sagemaker.values import ACCOUNT

ANSWERS_WITHIN_S = 10.0
SOURCE = "aws.sagemaker"
_CALLS = {
    "sts": "get_caller_identity",
    "iam": "list_roles",
    "events": "list_event_buses",
    "logs": "describe_log_groups",
    "cloudwatch": "list_metrics",
}
_PROBE = {
    "time": datetime(2000, 1, 1, tzinfo=UTC).isoformat(),
    "source": SOURCE,
    "resources": [],
    "detail-type": "local-sagemaker probe",
    "detail": {},
}

_FAILURES = (BotoCoreError, ClientError, ResponseParserError)

ClientOf = Callable[[str], Any]


@dataclass(frozen=True)
class Findings:
    """Its account; the services that it lacks, each with its answer; and why its bus refuses SageMaker's events."""

    account: str
    lacks: Mapping[str, str]
    refuses_events: str | None = None

    @property
    def takes_events(self) -> bool:
        return "events" not in self.lacks and self.refuses_events is None


def probe(url: str, client_of: ClientOf) -> Findings:
    """Raises: UnusableEmulator."""
    _need_s3(url, client_of("s3"))
    answers = {service: _answer(client_of(service), call) for service, call in _CALLS.items()}
    lacks = {service: answer for service, answer in answers.items() if isinstance(answer, str)}
    identity = answers["sts"]
    account = ACCOUNT if isinstance(identity, str) else str(identity["Account"])
    return Findings(account, lacks, None if "events" in lacks else refused_events(client_of("events")))


def refused_events(events: Any) -> str | None:
    """Why the emulator refuses an event of SageMaker's, as AWS does from everybody but SageMaker itself; None if it
    takes them. The event goes to a bus of its own, which is deleted afterwards, so that no rule can match it."""
    bus = f"local-sagemaker-probe-{uuid.uuid4().hex[:8]}"
    try:
        events.create_event_bus(Name=bus)
        try:
            return refusal(events, _PROBE, bus)
        finally:
            events.delete_event_bus(Name=bus)
    except _FAILURES as error:
        return _line(error)


def _need_s3(url: str, s3: Any) -> None:
    try:
        s3.list_buckets()
    except (ConnectionError, HTTPClientError) as error:
        tried = f"tried S3's ListBuckets: {_line(error)}"
        text = f"{url} does not answer ({tried}): start that emulator first, or correct the URL"
        raise UnusableEmulator(f"{text}.") from error
    except _FAILURES as error:
        text = f"{url} does not answer as AWS's S3, without which no job can run (tried ListBuckets: {_line(error)})"
        raise UnusableEmulator(f"{text}: is it the emulator's URL?") from error


def _answer(client: Any, call: str) -> Any:
    """The response, or as a string the reason why there is none."""
    try:
        return getattr(client, call)()
    except _FAILURES as error:
        return _line(error)


def _line(error: Exception) -> str:
    """A response that is not in the service's protocol is quoted in its error, however long it is."""
    return " ".join(str(error).split())[:300]
