"""What the ledger remembers of a dataset: one head item that moves, and one item for each attempt, for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """How far the purchase of a tuning job has come; the head item moves only forwards through these."""

    IDLE = "Idle"
    COPYING = "Copying"
    CREATING = "Creating"
    STARTED = "Started"
    ENDED = "Ended"


class JobStatus(StrEnum):
    """What became of one attempt at one fingerprint. The last three never were, or are no more, in SageMaker."""

    STARTED = "Started"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"
    DELETED = "Deleted"  # by a person
    TAKEN = "Taken"  # a stranger's tuning job has the name
    REJECTED = "Rejected"  # SageMaker did not accept the request


@dataclass(frozen=True)
class Decided:
    """A decision as the head item keeps it, written only when another cause or listing is decided on: so `since` is
    true. `code`, `about` and `listing` are None where a release before wrote it."""

    kind: str
    reason: str
    since: float
    wake_at: float | None = None
    code: str | None = None
    about: str | None = None
    listing: str | None = None


@dataclass(frozen=True)
class Head:
    """A dataset's one mutable item. `fingerprint`, `attempt`, `tuning_job` speak of the purchase under way,
    or of the last one when the phase is Ended; `tuned` is the last tuning job that really started.

    `verdict` is what the data were last found to be; `episode` counts the verdicts and the purchases. A cause that
    comes back after another verdict is reported again, one that comes back after a throttle or a quota wait is not."""

    dataset: str
    phase: Phase = Phase.IDLE
    fingerprint: str | None = None
    attempt: int = 0
    tuning_job: str | None = None
    owner: str | None = None
    lease_until: float = 0.0
    tuned: str | None = None
    listing: str | None = None
    seen_at: float = 0.0
    decided: Decided | None = None
    verdict: str | None = None
    episode: int = 0


@dataclass(frozen=True)
class JobItem:
    """One attempt at one fingerprint, for ever. A status but Started says that all is recorded and told."""

    dataset: str
    fingerprint: str
    attempt: int
    tuning_job: str
    status: JobStatus
    at: float
    reason: str = ""
    objective: float | None = None
    record_uri: str | None = None
    retry_asked: bool = False


@dataclass(frozen=True)
class Known:
    """What the ledger knows of one dataset: its champion, if any, and its attempts, the newest first."""

    dataset: str
    champion: Mapping[str, Any] | None
    jobs: tuple[JobItem, ...]
