"""The emulator that runs already, as SageMaker sees it."""

from contextlib import ExitStack
from typing import Any

from botocore.config import Config

from local_sagemaker.beside.logs import Logs
from local_sagemaker.beside.outbox import Outbox
from local_sagemaker.beside.probe import ANSWERS_WITHIN_S, ClientOf, Findings, probe
from local_sagemaker.beside.url import UnusableEmulator, checked_url, is_own
from local_sagemaker.clients import client
from local_sagemaker.durability.pending import PendingEvents
from local_sagemaker.values import ACCOUNT

SIGNED_AS = {"logs": "logs", "cloudwatch": "monitoring"}
"""The services that are answered here where the other emulator lacks them, with their signing names."""
_WITHOUT = {
    "sts": f"ARNs have the account {ACCOUNT}",
    "iam": "what looks up a role there, as the SageMaker SDKs may, fails; jobs do not need it",
    "events": "SageMaker's state changes reach no rule; poll the Describe operations instead",
    "logs": "jobs write their logs to those of this endpoint",
    "cloudwatch": "jobs write their metrics to those of this endpoint",
}
_NAMES = {"sts": "STS", "iam": "IAM", "events": "EventBridge", "logs": "CloudWatch Logs", "cloudwatch": "CloudWatch"}


class OtherEmulator:
    """Another emulator of AWS. SageMaker reaches it through this endpoint, which decides in one place who answers."""

    def __init__(self, url: str, region: str) -> None:
        """Raises: UnusableEmulator: this is not the URL of an emulator."""
        self.url = checked_url(url)
        self.answered_here: set[str] = set()
        self._region = region
        self._outbox: Outbox | None = None
        self._found = Findings(ACCOUNT, {})

    def examine(self, own_port: int) -> tuple[str, list[str]]:
        """The account that it emulates, and a line for each thing that a user must know. Raises: UnusableEmulator."""
        if is_own(self.url, own_port):
            raise UnusableEmulator(f"{self.url} is this local AWS itself: choose another port for one of the two.")
        found = probe(self.url, self._client_of(self.url))
        self.answered_here.clear()
        self.answered_here.update(signed for service, signed in SIGNED_AS.items() if service in found.lacks)
        self._found = found
        return found.account, notices(self.url, found)

    def open(self, services: ExitStack, endpoint_url: str, pending: PendingEvents) -> None:
        """Send events and logs through this endpoint, until `services` closes."""
        client_of = self._client_of(endpoint_url)
        self.put_log = Logs(client_of("logs")).put
        self._outbox = Outbox(client_of("events"), pending) if self._found.takes_events else None
        if self._outbox:
            services.callback(self._outbox.stop)

    def put_event(self, event: dict[str, Any]) -> None:
        """Hand over a complete event; it is dropped if the bus refused such events at the start."""
        if self._outbox:
            self._outbox.put(event)

    def lacks(self, service: str) -> bool:
        return service in self._found.lacks

    def _client_of(self, url: str) -> ClientOf:
        config = Config(
            connect_timeout=ANSWERS_WITHIN_S, read_timeout=ANSWERS_WITHIN_S, retries={"total_max_attempts": 1}
        )
        return lambda service: client(service, url, self._region, config=config)


def owner(account: str) -> str:
    """What a home holds; the emulator's address may change."""
    return f"a SageMaker beside account {account}"


def notices(url: str, found: Findings) -> list[str]:
    """One line for who answers what, and one for each thing that is missing and what follows."""
    lines = [f"All services but SageMaker are those of {url}, account {found.account}."]
    lines += [f"It has no {_NAMES[name]} ({why}): {_WITHOUT[name]}." for name, why in found.lacks.items()]
    if found.refuses_events:
        lines.append(
            f"It refuses events of source aws.sagemaker ({found.refuses_events}): none is sent, so that its rules see "
            "no state change of SageMaker. Poll the Describe operations instead."
        )
    return lines
