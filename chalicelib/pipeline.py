"""The whole story: what is there, what was done, what to do now.

Events are hints, state decides. Every event only names a dataset, and the dataset is reconciled: its files listed,
the ledger read, SageMaker asked about the open tuning job, one decision taken (`decision.decide`) and acted on.
Duplicate, late, reordered and lost events therefore change nothing; the sweep makes sure that somebody looks.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from chalicelib import layout
from chalicelib.aws.bucket import Bucket
from chalicelib.aws.ledger import CLAIM_S, Ledger
from chalicelib.aws.queue import Queue
from chalicelib.aws.sagemaker import SageMaker
from chalicelib.aws.topic import Topic
from chalicelib.conclusion import Conclusion
from chalicelib.dataset import DataFile, Listing
from chalicelib.decision import (
    Decision,
    Observed,
    Refuse,
    Start,
    Wait,
    decide,
    decide_unread,
    is_from_before_codes,
    kept,
    wait_for_aws,
)
from chalicelib.errors import DatasetChanged, LostRace, QuotaExceeded, Throttled
from chalicelib.events import BuildEnded
from chalicelib.examination import Examined, examine, first_look
from chalicelib.messages.tuning import Cause, Message, data_refused, tuning_blocked
from chalicelib.purchase import Purchase
from chalicelib.settings import Settings
from chalicelib.state import Head, Phase
from chalicelib.telling import tell_once
from chalicelib.training_image import CurrentImage, TrainingImage

PASSES = 6
"""A pass that lost a race, or whose data changed under it, starts again with what is there then."""
SWEEP_PERIOD_S = 900.0
SWEEPS_PER_DAY = 96


@dataclass(frozen=True)
class Pipeline:
    """The calls that the Lambdas make: `reconcile`, `conclude`, `sweep`, and `announce` for image builds."""

    settings: Settings
    bucket: Bucket
    ledger: Ledger
    sagemaker: SageMaker
    queue: Queue
    topic: Topic
    image: TrainingImage
    purchase: Purchase
    conclusion: Conclusion
    now: Callable[[], float]
    note: Callable[..., None]

    def reconcile(self, dataset: str) -> Decision:
        """Bring the dataset as far as it goes now. A second call on the same state writes nothing.

        Raises: Unavailable: call again later; nothing is lost."""
        for left in reversed(range(PASSES)):
            try:
                decision = self._pass(dataset)
            except (LostRace, DatasetChanged):
                if not left:
                    raise
                continue
            if not isinstance(decision, Start):
                break
        return decision

    def conclude(self, tuning_job: str) -> None:
        """Record and tell what a tuning job of ours came to, then have its dataset looked at: newer data may wait.

        It does not look itself: so one Lambda only may buy, and this one starts without what reading data takes."""
        if not tuning_job.startswith(f"{self.settings.prefix}-"):
            return  # the Lambda's role may not even ask for it
        found = self.sagemaker.ours(tuning_job, self.settings.stack)
        if found is None:
            return
        job, identity = found
        if job.has_ended:
            with suppress(LostRace):  # somebody else concludes it at this moment
                self.conclusion.conclude(identity.dataset, identity.fingerprint, identity.attempt, job)
        head = self.ledger.head(identity.dataset)
        if (head.phase, head.tuning_job) != (Phase.ENDED, tuning_job):  # else somebody has looked since
            self.queue.poke(identity.dataset)

    def sweep(self) -> None:
        """Have every dataset looked at that is due, and each other one once a day, and all of them when the
        training image is another one; set the overview right."""
        slot = int(self.now() // SWEEP_PERIOD_S) % SWEEPS_PER_DAY
        turn = (name for name in self.bucket.datasets() if crc32(name.encode()) % SWEEPS_PER_DAY == slot)
        for dataset in dict.fromkeys((*self.ledger.due(self.now()), *turn)):
            self.queue.poke(dataset)
        self.image.look()
        self.conclusion.overview.refresh()

    def announce(self, build: BuildEnded) -> None:
        """Tell once how an image build ended; a new image may concern every dataset."""
        self.image.build_ended(build)

    def _pass(self, dataset: str) -> Decision:
        try:
            return self._one_step(dataset)
        except (QuotaExceeded, Throttled) as error:
            quota = isinstance(error, QuotaExceeded)
            return self._keep(self.ledger.head(dataset), wait_for_aws(str(error), self.now(), quota))

    def _one_step(self, dataset: str) -> Decision:
        head = self._finish_what_is_under_way(self.ledger.head(dataset))
        head, listing = self._look(head)
        image = self.image.current()
        decision, examined = self._decide(head, listing, image)
        if isinstance(decision, Start) and examined and image.uri:
            self.note("start", dataset=dataset, attempt=decision.attempt, reason=decision.reason)
            self.purchase.begin(head, examined, decision.attempt, image.uri)
            return decision
        if isinstance(decision, Wait) and decision.supersede:
            self.sagemaker.stop(decision.supersede)
        return self._keep(head, decision, was_examined=examined is not None)

    def _finish_what_is_under_way(self, head: Head) -> Head:
        """The purchase first: what was begun is finished, whatever the data say by now."""
        if head.phase is Phase.COPYING and self.now() >= head.lease_until:
            return self.ledger.released(head, self.now())
        if head.phase is Phase.CREATING:
            head = self.purchase.send(head)
        if head.phase is not Phase.STARTED or head.tuning_job is None:
            return head
        job = self.sagemaker.describe(head.tuning_job)
        if job is None:
            return self.conclusion.deleted(head)
        if not job.has_ended:
            return head
        if self.conclusion.conclude(head.dataset, head.fingerprint or "", head.attempt, job):
            return self.ledger.released(head, self.now())
        self.queue.poke(head.dataset, delay_s=CLAIM_S)  # who is telling may die of it
        return head

    def _look(self, head: Head) -> tuple[Head, Listing]:
        """List the files. A listing not seen before is looked at again after the settle time: the message
        first, then the note, so that a crash between the two costs one message and loses nothing."""
        listing = self.bucket.listing(head.dataset)
        if listing.digest != head.listing:
            seen_at = self.now()  # before the message is sent: who gets it does not come too early
            self.queue.poke(head.dataset, delay_s=self.settings.settle_s)
            head = self.ledger.see(head, listing.digest, seen_at)
        return head, listing

    def _decide(self, head: Head, listing: Listing, image: CurrentImage) -> tuple[Decision, Examined | None]:
        observed = Observed(self.now(), self.settings.settle_s, head)
        early = decide_unread(first_look(self.bucket, self.settings, listing), observed)
        if early is not None:
            return early, None
        examined = examine(self.bucket, self.settings, listing, image.uri)
        desired, name = examined.desired, examined.desired.fingerprint
        if name is not None:
            tuned = self._last_tuned(head)
            changed = tuned.get("training_keys") != desired.training_keys
            desired = replace(desired, spec_changed=changed, pinned_image=image.pinned)
            observed = replace(
                observed,
                jobs=self.ledger.jobs(head.dataset, name),
                tuned_files=tuple(DataFile.from_dict(file) for file in tuned.get("files", ())),
                open_searches=self.sagemaker.open_searches(self.settings.prefix),
                max_open_searches=self.settings.max_open_jobs,
            )
        return decide(desired, observed), examined

    def _last_tuned(self, head: Head) -> dict[str, Any]:
        """The manifest of the last tuning job that started."""
        return (head.tuned and self.bucket.get_json(layout.manifest(head.dataset, head.tuned))) or {}

    def _keep(self, head: Head, decision: Decision, was_examined: bool = False) -> Decision:
        """Keep a decision and report it: written when its cause is another one, reported once for each cause."""
        after = kept(decision, head, self.now(), was_examined)
        message = _message(after, decision)
        if message and is_from_before_codes(decision, head):
            self.ledger.mark_sent(message.id)
        if after != head:
            self.ledger.decide(head, after)
            self.note(type(decision).__name__.lower(), dataset=head.dataset, **_for_the_log(decision))
        if message:
            tell_once(self.ledger, self.topic, message, self.now())
        return decision


def _message(head: Head, decision: Decision) -> Message | None:
    """What a person is told of a decision that the head has kept."""
    decided = head.decided
    assert decided is not None, "it was kept"
    cause = Cause(decision.code, decided.about or "", decided.listing or "", head.episode)
    if isinstance(decision, Refuse):
        return data_refused(head.dataset, decision.problems, cause)
    if isinstance(decision, Wait) and decision.tell:
        return tuning_blocked(head.dataset, decision.reason, decided.since, cause)
    return None


def _for_the_log(decision: Decision) -> dict[str, Any]:
    """Problems may quote cells: who reads logs need not see data. The ledger and the message have them."""
    if isinstance(decision, Refuse):
        return {"code": decision.code, "problems": len(decision.problems)}
    return {"code": decision.code, "reason": decision.reason}
