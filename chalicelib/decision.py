"""`decide()`: from what is desired and what is observed to the one thing to do. Pure: the clock is a value.

Events never reach this file. Whatever happened, and however often we hear of it, the same state gives the same
decision; the price is that every event costs one listing of the dataset.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.dataset import DataFile, only_removed
from chalicelib.errors import Problem
from chalicelib.state import Head, JobItem, JobStatus, Phase

LOOK_AGAIN_S = 900.0
"""When nothing announces the end of a wait (a quota, a missing image), the sweep looks again after this long."""

MAX_ATTEMPTS = 99
"""The tuning job's name keeps two digits for the attempt."""


@dataclass(frozen=True)
class Start:
    """Buy one tuning job for the desired fingerprint."""

    attempt: int
    reason: str


@dataclass(frozen=True)
class Wait:
    """Something will change by itself. `wake_at` (epoch seconds) is when to look again if no event says so;
    `supersede` names a running tuning job that newer data make worthless."""

    reason: str
    wake_at: float | None = None
    supersede: str | None = None
    tell: bool = False


@dataclass(frozen=True)
class Nothing:
    """All is as it should be; only a change by a person leads on."""

    reason: str


@dataclass(frozen=True)
class Refuse:
    """A person must change something before money is spent."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        return " ".join(str(problem) for problem in self.problems)


Decision = Start | Wait | Nothing | Refuse


@dataclass(frozen=True)
class Desired:
    """What the files and the tuning spec ask for. `fingerprint` is None while they were not read, or refused."""

    has_data: bool
    ready: bool = True
    fingerprint: str | None = None
    files: tuple[DataFile, ...] = ()
    training_keys: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    supersede: bool = False
    has_image: bool = True
    pinned_image: str | None = None
    spec_changed: bool = False


@dataclass(frozen=True)
class Observed:
    """What the ledger and SageMaker say. `jobs` are this fingerprint's, by attempt; `tuned_files` the last job's."""

    now: float
    settle_s: float
    head: Head
    jobs: tuple[JobItem, ...] = ()
    tuned_files: tuple[DataFile, ...] = ()
    open_searches: int = 0
    max_open_searches: int = 10


def decide_unread(desired: Desired, observed: Observed) -> Decision | None:
    """The decision that needs no file to be read, or None when the files must be read first."""
    head, now = observed.head, observed.now
    if head.phase is Phase.COPYING and now < head.lease_until:
        return Wait(f"The data of {head.tuning_job} are being copied.", wake_at=head.lease_until)
    if head.phase is Phase.CREATING:
        return Wait(f"{head.tuning_job} is being created.", wake_at=now + LOOK_AGAIN_S)
    if head.phase is Phase.STARTED and not desired.supersede:
        return _wait_for_the_open_job(head, now)
    if not desired.has_data:
        return Nothing("There is no CSV file in its train folder yet.")
    settled_at = head.seen_at + observed.settle_s
    if now < settled_at:
        return Wait("Files may still be arriving.", wake_at=settled_at)
    if not desired.ready:
        return Wait("The tuning spec says to wait for a _READY object, and there is none.")
    return None


def decide(desired: Desired, observed: Observed) -> Decision:
    """The one thing to do now. The same arguments always give the same decision."""
    early = decide_unread(desired, observed)
    if early is not None:
        return early
    if desired.problems or desired.fingerprint is None:
        return Refuse(desired.problems)
    head = observed.head
    if head.phase is Phase.STARTED and head.fingerprint == desired.fingerprint:
        return _wait_for_the_open_job(head, observed.now)
    verdict = _verdict_on_attempts(observed.jobs)
    if verdict is not None:
        return verdict
    if not desired.spec_changed and only_removed(desired.files, observed.tuned_files):
        return Nothing("Files were only removed since the last tuning job; removing alone starts none.")
    if head.phase is Phase.STARTED:
        reason = f"Newer data: {head.tuning_job} is being stopped (`on_new_data` is supersede)."
        return Wait(reason, wake_at=observed.now + LOOK_AGAIN_S, supersede=head.tuning_job)
    return _start_when_there_is_room(desired, observed)


def _start_when_there_is_room(desired: Desired, observed: Observed) -> Decision:
    later = observed.now + LOOK_AGAIN_S
    if not desired.has_image:
        return Wait(_why_no_image(desired.pinned_image), wake_at=later, tell=True)
    if observed.open_searches >= observed.max_open_searches:
        return Wait(f"{observed.max_open_searches} tuning jobs are open, the stack's ceiling.", wake_at=later)
    attempt = _next_attempt(observed.jobs)
    return Start(attempt, "New data or a new tuning spec." if attempt == 1 else f"Attempt {attempt}.")


def _why_no_image(pinned: str | None) -> str:
    """A pin is a person's word: where its image is gone, no other one is taken."""
    if pinned is None:
        return "No training image has been published yet."
    return f"The training image is pinned to {pinned}, and that is gone: pin another, or `./retune image unpin`."


def _next_attempt(jobs: tuple[JobItem, ...]) -> int:
    """One more than the last; a started one that the head has lost is sent again, and so adopted."""
    if not jobs:
        return 1
    last = max(jobs, key=lambda job: job.attempt)
    return last.attempt if last.status is JobStatus.STARTED else last.attempt + 1


def wait_for_aws(words: str, now: float, quota: bool) -> Wait:
    """A used-up quota or throttling is a wait, never a failure. What AWS says of the moment ("current
    utilization of 3") is cut off: a reason that changes at every look would be told at every look."""
    lasting = re.split(r"[,.]? with current utilization|\. Please|, a current", words)[0].rstrip(".")
    kind = "A quota of the AWS account is used up" if quota else "AWS asks to slow down"
    return Wait(f"{kind}: {lasting}.", wake_at=now + LOOK_AGAIN_S, tell=quota)


def _wait_for_the_open_job(head: Head, now: float) -> Wait:
    reason = f"{head.tuning_job} is running; what changes meanwhile is looked at when it has ended."
    return Wait(reason, wake_at=now + LOOK_AGAIN_S)


def _verdict_on_attempts(jobs: tuple[JobItem, ...]) -> Decision | None:
    for job in jobs:
        if job.status is JobStatus.COMPLETED:
            return Nothing(f"These very data were tuned by {job.tuning_job} on {_day(job.at)}.")
    if not jobs:
        return None
    last = max(jobs, key=lambda job: job.attempt)
    if last.status is JobStatus.STARTED:
        return None
    if last.retry_asked or last.status is JobStatus.TAKEN:
        return None if last.attempt < MAX_ATTEMPTS else Nothing(f"{MAX_ATTEMPTS} attempts were made.")
    if last.status is JobStatus.REJECTED:
        return Refuse((Problem("SageMaker", f"does not accept {last.tuning_job}", last.reason.rstrip(".")),))
    ended = f"{last.tuning_job} for these very data was {last.status.lower()} on {_day(last.at)}"
    because = f": {last.reason.rstrip('.')}" if last.reason else ""
    return Nothing(f"{ended}{because}. `retry` starts it again.")


def _day(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
