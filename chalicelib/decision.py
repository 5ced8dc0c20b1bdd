"""`decide()`: from what is desired and what is observed to the one thing to do. Pure: the clock is a value.

Events never reach this file. Whatever happened, and however often an event reports it, the same state gives the same
decision; the price is that every event costs one listing of the dataset.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from chalicelib.dataset import DataFile, only_removed
from chalicelib.errors import Problem
from chalicelib.state import Decided, Head, JobItem, JobStatus, Phase

UNKNOWN = "?"
"""Stands for the code of a problem that a release before codes remembered."""

LOOK_AGAIN_S = 900.0
"""When nothing announces the end of a wait (a quota, a missing image), the sweep looks again after this long."""

MAX_ATTEMPTS = 99
"""The tuning job's name keeps two digits for the attempt."""


class Code(StrEnum):
    """Why a decision was taken, stable for ever: messages and changes are judged by it, never by the reason's words."""

    COPYING = "copying"
    CREATING = "creating"
    TUNING_JOB_OPEN = "tuning-job-open"
    NO_DATA = "no-data"
    SETTLING = "settling"
    NO_MARKER = "no-marker"
    NEW_DATA = "new-data"
    NEXT_ATTEMPT = "next-attempt"
    FILES_REMOVED = "files-removed"
    SUPERSEDING = "superseding"
    NO_IMAGE = "no-training-image"
    CEILING = "open-jobs-ceiling"
    QUOTA = "quota-used-up"
    THROTTLED = "throttled"
    TUNED = "already-tuned"
    ATTEMPT_ENDED = "attempt-ended"
    ATTEMPTS_USED_UP = "attempts-used-up"
    REJECTED = "request-rejected"
    REFUSED = "data-refused"


_REASONS_BEFORE_CODES = {
    Code.QUOTA: ("A quota of the AWS account is used up",),
    Code.NO_IMAGE: ("No training image has been published yet", "The training image is pinned to"),
}
"""How the release before codes began the reasons of the waits that it reported."""


@dataclass(frozen=True)
class Start:
    """Buy one tuning job for the desired fingerprint."""

    attempt: int
    reason: str
    code: Code = Code.NEW_DATA
    about: str = ""


@dataclass(frozen=True)
class Wait:
    """Something will change by itself. `wake_at` (epoch seconds) is when to look again if no event says so;
    `supersede` names a running tuning job that newer data make worthless; `tell`: a person can end the wait."""

    code: Code
    reason: str
    about: str = ""
    wake_at: float | None = None
    supersede: str | None = None
    tell: bool = False


@dataclass(frozen=True)
class Nothing:
    """All is as it should be; only a change by a person leads on."""

    code: Code
    reason: str
    about: str = ""


@dataclass(frozen=True)
class Refuse:
    """A person must change something before money is spent. `about` names what is wrong by the problems' codes."""

    problems: tuple[Problem, ...]
    code: Code = Code.REFUSED

    @property
    def reason(self) -> str:
        return " ".join(str(problem) for problem in self.problems)

    @property
    def about(self) -> str:
        return "+".join(sorted({problem.code or UNKNOWN for problem in self.problems}))


Decision = Start | Wait | Nothing | Refuse
"""What a controller's reconcile returns. In the field's terms: `Start` acts; `Wait` is "requeue after" (`wake_at`);
`Nothing` is "synced"; `Refuse` is "terminal" until a person changes the desired state.

`code` and `about` (the tuning job, the pinned tag, the quota, the problems' codes) say which cause it is; `reason` says
it in words. Two decisions with the same code and subject about the same listing are the same decision."""


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
        return Wait(Code.COPYING, f"Copying the data of {head.tuning_job}.", _job(head), head.lease_until)
    if head.phase is Phase.CREATING:
        return Wait(Code.CREATING, f"Creating {head.tuning_job}.", _job(head), now + LOOK_AGAIN_S)
    if head.phase is Phase.STARTED and not desired.supersede:
        return _wait_for_the_open_job(head, now)
    if not desired.has_data:
        return Nothing(Code.NO_DATA, "There is no CSV file in the train folder yet.")
    settled_at = head.seen_at + observed.settle_s
    if now < settled_at:
        reason = f"Waiting {observed.settle_s:g} s for further files before starting."
        return Wait(Code.SETTLING, reason, wake_at=settled_at)
    if not desired.ready:
        return Wait(Code.NO_MARKER, "Waiting for the object `_READY`, because `start` in `tuning.json` is `marker`.")
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
        reason = "Files were only removed since the last tuning job; removing files does not start a new one."
        return Nothing(Code.FILES_REMOVED, reason, observed.head.tuned or "")
    if head.phase is Phase.STARTED:
        reason = f"Newer data arrived: stopping {head.tuning_job} (`on_new_data` is `supersede`)."
        later = observed.now + LOOK_AGAIN_S
        return Wait(Code.SUPERSEDING, reason, _job(head), later, supersede=head.tuning_job)
    return _start_when_there_is_room(desired, observed)


def _start_when_there_is_room(desired: Desired, observed: Observed) -> Decision:
    later = observed.now + LOOK_AGAIN_S
    if not desired.has_image:
        pinned = desired.pinned_image
        return Wait(Code.NO_IMAGE, _why_no_image(pinned), pinned or "", later, tell=True)
    if observed.open_searches >= observed.max_open_searches:
        most = observed.max_open_searches
        reason = f"The stack's ceiling of {most} open tuning jobs is reached."
        return Wait(Code.CEILING, reason, str(most), later)
    attempt = _next_attempt(observed.jobs)
    if attempt == 1:
        return Start(attempt, "New data or a new tuning spec.")
    return Start(attempt, f"Attempt {attempt}.", Code.NEXT_ATTEMPT, str(attempt))


def _why_no_image(pinned: str | None) -> str:
    """A person pinned it: where the pinned image is gone, no other one takes its place."""
    if pinned is None:
        return "No training image has been published yet."
    return f"The training image is pinned to {pinned}, which is gone: pin another one, or run `./retune image unpin`."


def _next_attempt(jobs: tuple[JobItem, ...]) -> int:
    """One more than the last; a started one that the head has lost is sent again, and so adopted."""
    if not jobs:
        return 1
    last = max(jobs, key=lambda job: job.attempt)
    return last.attempt if last.status is JobStatus.STARTED else last.attempt + 1


def wait_for_aws(words: str, now: float, quota: bool) -> Wait:
    """A used-up quota or throttling is a wait, never a failure. What AWS says of the moment ("current
    utilization of 3") is cut off; which quota it is, AWS puts in quotes."""
    lasting = re.split(r"[,.]? with current utilization|\. Please|, a current", words)[0].rstrip(".")
    later = now + LOOK_AGAIN_S
    if not quota:
        return Wait(Code.THROTTLED, f"AWS is throttling requests: {lasting}.", wake_at=later)
    named = re.search(r"'([^']+)'", lasting)
    reason = f"An AWS quota of this account is used up: {lasting}."
    return Wait(Code.QUOTA, reason, named[1] if named else "", later, tell=True)


def _wait_for_the_open_job(head: Head, now: float) -> Wait:
    reason = f"{head.tuning_job} is running; changes are looked at when it has ended."
    return Wait(Code.TUNING_JOB_OPEN, reason, _job(head), now + LOOK_AGAIN_S)


def kept(decision: Decision, head: Head, now: float, was_examined: bool) -> Head:
    """The head with this decision kept; the same head where it is kept already, whatever its words are.

    A verdict on the data that differs from the last one begins an episode, so that what was reported before it is
    reported again. `was_examined` says that the decision came after the data were read."""
    before = head.decided
    if before and _same_cause(before, decision, head):
        return head
    since = before.since if before and is_from_before_codes(decision, head) else now
    wake_at = decision.wake_at if isinstance(decision, Wait) else None
    kind = type(decision).__name__
    decided = Decided(kind, decision.reason, since, wake_at, decision.code, decision.about or None, head.listing)
    verdict = _verdict(decision, head, was_examined)
    if verdict is None or verdict == head.verdict:
        return replace(head, decided=decided)
    return replace(head, decided=decided, verdict=verdict, episode=head.episode + 1)


def is_from_before_codes(decision: Decision, head: Head) -> bool:
    """Whether a release that knew no codes kept this decision, and so reported it if it is one to report.

    What it wrote can only be known by its words; they are read here, once, and never again."""
    before = head.decided
    if before is None or before.code is not None or before.kind != type(decision).__name__:
        return False
    if before.since < head.seen_at:
        return False  # it was about another listing
    return not isinstance(decision, Wait) or before.reason.startswith(_REASONS_BEFORE_CODES.get(decision.code, ()))


def _same_cause(before: Decided, decision: Decision, head: Head) -> bool:
    kept_as = (before.kind, before.code, before.listing)
    if kept_as != (type(decision).__name__, decision.code, head.listing):
        return False
    return _same_subject(before.about or "", decision.about)


def _same_subject(one: str, other: str) -> bool:
    """Problems whose codes are not known yet are not news when they are."""
    ones, others = set(one.split("+")), set(other.split("+"))
    if UNKNOWN in ones | others:
        return ones - {UNKNOWN} <= others or others - {UNKNOWN} <= ones
    return one == other


def _verdict(decision: Decision, head: Head, was_examined: bool) -> str | None:
    """What the data were found to be; None for a decision that says nothing of them, such as a quota's."""
    if isinstance(decision, Refuse):
        return f"{decision.code}:{decision.about}@{head.listing}"
    if isinstance(decision, Nothing):
        return f"{decision.code}@{head.listing}"
    return f"accepted@{head.listing}" if was_examined else None


def _job(head: Head) -> str:
    return head.tuning_job or ""


def _verdict_on_attempts(jobs: tuple[JobItem, ...]) -> Decision | None:
    for job in jobs:
        if job.status is JobStatus.COMPLETED:
            reason = f"{job.tuning_job} already tuned this exact data on {_day(job.at)}; nothing to do."
            return Nothing(Code.TUNED, reason, job.tuning_job)
    if not jobs:
        return None
    last = max(jobs, key=lambda job: job.attempt)
    if last.status is JobStatus.STARTED:
        return None
    if last.retry_asked or last.status is JobStatus.TAKEN:
        if last.attempt < MAX_ATTEMPTS:
            return None
        return Nothing(Code.ATTEMPTS_USED_UP, f"All {MAX_ATTEMPTS} attempts are used up.", last.tuning_job)
    if last.status is JobStatus.REJECTED:
        problem = Problem("SageMaker", f"rejected {last.tuning_job}", last.reason.rstrip("."), code=last.tuning_job)
        return Refuse((problem,), Code.REJECTED)
    because = f": {last.reason.rstrip('.')}" if last.reason else ""
    ended = f"{last.tuning_job}, which tuned this exact data, {_ended(last.status)} on {_day(last.at)}{because}"
    return Nothing(Code.ATTEMPT_ENDED, f"{ended}. `./retune retry` starts it again.", last.tuning_job)


def _ended(status: JobStatus) -> str:
    return "failed" if status is JobStatus.FAILED else f"was {status.lower()}"


def _day(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
