"""The ledger: what was decided, bought, recorded and told. Every step is a conditional write on the one before,
so of two Lambdas that do the same thing at once exactly one gets on; the other gets `LostRace`.

The table: `pk` is `dataset#<dataset>`; `sk` is `head`, `champion`, or `job#<fingerprint>#<attempt>`.
The index `due` holds the heads that wait for a time: (`due` = "waiting", `wake_at`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Any

from chalicelib.aws.items import champion_of, decided_attributes, head_of, job_of, native
from chalicelib.aws.table import Table
from chalicelib.errors import LostRace
from chalicelib.state import Head, JobItem, JobStatus, Known, Phase


class Claim(StrEnum):
    """Who may send a message: the caller, somebody who is at it, or nobody since it went out."""

    MINE = "mine"
    TAKEN = "taken"
    SENT = "sent"


CLAIM_S = 120.0
"""A claimed message that was not marked as sent within this time may be claimed by anybody."""


class Ledger:
    """Heads and attempts in one DynamoDB table."""

    def __init__(self, dynamodb: Any, table: str):
        self._table = Table(dynamodb, table)

    # What is remembered

    def head(self, dataset: str) -> Head:
        """The dataset's head; a fresh one if the ledger has not met the dataset."""
        return head_of(self._table.get(_pk(dataset), "head"), dataset)

    def jobs(self, dataset: str, fingerprint: str = "") -> tuple[JobItem, ...]:
        """The attempts at this fingerprint (at any, when empty), by fingerprint and attempt."""
        return tuple(job_of(item) for item in self._table.query(_pk(dataset), f"job#{fingerprint}"))

    def job(self, dataset: str, fingerprint: str, attempt: int) -> JobItem | None:
        """One attempt, or None."""
        item = self._table.get(_pk(dataset), _job_sk(fingerprint, attempt))
        return job_of(item) if item else None

    def champion(self, dataset: str) -> dict[str, Any] | None:
        """The best model that the dataset has had: `tuning_job`, `objective`, `model_uri`, `version`; or None."""
        return champion_of(self._table.get(_pk(dataset), "champion"))

    def due(self, now: float) -> tuple[str, ...]:
        """The datasets whose head waits for a time that has come."""
        return tuple(str(native(item)["dataset"]) for item in self._table.due(now))

    def known(self) -> tuple[Known, ...]:
        """Every dataset that the ledger has met, by name. It reads the whole table."""
        by_dataset: dict[str, list[dict[str, Any]]] = {}
        for item in self._table.scan(_pk("")):
            by_dataset.setdefault(str(native(item)["dataset"]), []).append(item)
        return tuple(_known(dataset, items) for dataset, items in sorted(by_dataset.items()))

    # Steps of the head; each answers the head as it now is

    def see(self, head: Head, listing: str, now: float) -> Head:
        """Remember when this listing was first seen. Raises: LostRace: somebody noted another one."""
        self._update(head.dataset, "head", {"listing": listing, "seen_at": now}, {"listing": head.listing})
        return replace(head, listing=listing, seen_at=now)

    def copying(self, head: Head, fingerprint: str, attempt: int, tuning_job: str, owner: str, until: float) -> Head:
        """Take the right to buy, which begins an episode.

        Raises: LostRace: another Lambda has it, or has bought already."""
        step = {"fingerprint": fingerprint, "attempt": attempt, "tuning_job": tuning_job, "episode": head.episode + 1}
        lease = {"owner": owner, "lease_until": until}
        return self._step(head, Phase.COPYING, {**step, **lease}, wake_at=until)

    def creating(self, head: Head, now: float) -> Head:
        """The snapshot and the request are frozen: from here on the purchase is only ever finished."""
        return self._step(head, Phase.CREATING, {}, wake_at=now)

    def started(self, head: Head, now: float) -> Head:
        """Note the attempt, then move the head. An attempt that is known already is left as it is."""
        job = JobItem(
            head.dataset,
            head.fingerprint or "",
            head.attempt,
            head.tuning_job or "",
            JobStatus.STARTED,
            at=now,
        )
        if self.job(job.dataset, job.fingerprint, job.attempt) is None:
            self.put_job(job)
        return self._step(head, Phase.STARTED, {"tuned": head.tuning_job}, wake_at=now)

    def released(self, head: Head, now: float) -> Head:
        """Nothing is under way any more; what waits is looked at now."""
        return self._step(head, Phase.ENDED, {}, wake_at=now)

    def decide(self, head: Head, after: Head) -> None:
        """Keep the decision that `after` has, with its verdict, and the time at which to look again.

        Raises: LostRace: another decision was kept meanwhile."""
        assert after.decided is not None, "there is a decision to keep"
        wake_at = after.decided.wake_at
        changes = {**decided_attributes(after.decided), "verdict": after.verdict, "episode": after.episode or None}
        due = {"due": "waiting" if wake_at else None, "wake_at": wake_at}
        before = {"decided": decided_attributes(head.decided)["decided"], "episode": head.episode or None}
        self._update(head.dataset, "head", {**changes, **due}, before)

    # Attempts

    def put_job(self, job: JobItem, instead_of: JobItem | None = None) -> JobItem:
        """Write one attempt. Raises: LostRace: it is no longer as in `instead_of` (None: it exists already)."""
        sk = _job_sk(job.fingerprint, job.attempt)
        if instead_of is None:
            self._update(job.dataset, sk, asdict(job), {"tuning_job": None})
        else:
            watched = {"status": instead_of.status, "retry_asked": instead_of.retry_asked}
            self._update(job.dataset, sk, asdict(job), watched)
        return job

    def ask_retry(self, job: JobItem) -> JobItem:
        """A person wants another attempt; asking twice asks once."""
        return job if job.retry_asked else self.put_job(replace(job, retry_asked=True), instead_of=job)

    def promote(self, dataset: str, champion: Mapping[str, Any], version: int) -> None:
        """Write champion number `version`. Raises: LostRace: the one before is not number `version - 1`."""
        before = {"version": version - 1} if version > 1 else {"version": None}
        self._update(dataset, "champion", {**champion, "version": version}, before)

    # Messages

    def claim(self, message: str, now: float) -> Claim:
        """Ask to send the message with this id. An expired claim is anybody's: only a crash between send and
        mark repeats a message."""
        pk = f"message#{message}"
        item = self._table.get(pk, "claim")
        seen = native(item) if item else {}
        if seen.get("sent"):
            return Claim.SENT
        if float(seen.get("until", 0)) > now:
            return Claim.TAKEN
        try:
            self._table.update(pk, "claim", {"until": now + CLAIM_S}, {"until": seen.get("until"), "sent": None})
        except LostRace:
            return Claim.TAKEN
        return Claim.MINE

    def mark_sent(self, message: str) -> None:
        """The message went out; nobody must send it again. Marking twice marks once."""
        self._table.update(f"message#{message}", "claim", {"sent": True}, {})

    def _step(self, head: Head, phase: Phase, changes: Mapping[str, Any], wake_at: float) -> Head:
        before = {"phase": head.phase, "tuning_job": head.tuning_job, "owner": head.owner}
        if head.phase is Phase.IDLE:
            before = {"phase": None}
        self._update(
            head.dataset,
            "head",
            {**changes, "phase": phase, "due": "waiting", "wake_at": wake_at},
            before,
        )
        return replace(head, **changes, phase=phase)

    def _update(self, dataset: str, sk: str, changes: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        self._table.update(_pk(dataset), sk, {"dataset": dataset, **changes}, before)


def _known(dataset: str, items: Iterable[dict[str, Any]]) -> Known:
    by_sk = {str(native(item)["sk"]): item for item in items}
    jobs = (job_of(item) for sk, item in by_sk.items() if sk.startswith("job#"))
    newest_first = tuple(sorted(jobs, key=lambda job: (-job.at, job.tuning_job)))
    return Known(dataset, champion_of(by_sk.get("champion")), newest_first)


def _pk(dataset: str) -> str:
    return f"dataset#{dataset}"


def _job_sk(fingerprint: str, attempt: int) -> str:
    return f"job#{fingerprint}#a{attempt:02d}"
