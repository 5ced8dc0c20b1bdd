"""Buy a tuning job exactly once: copy the data, freeze the request, send the frozen request, record it.

    Copying(owner, lease) → Creating(request frozen in S3) → Started

After a crash at any point, the next pass continues from the head's phase: a `Copying` with an expired lease bought
nothing and is dropped; a `Creating` is always completed by sending the stored request again, even if the data has
changed. The price: a job whose data was replaced between the two still runs, on its snapshot.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib import layout
from chalicelib.aws.bucket import Bucket
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.sagemaker import NameInUse, Rejected, SageMaker
from chalicelib.dataset import tuning_job_name
from chalicelib.errors import DatasetChanged
from chalicelib.examination import Examined
from chalicelib.settings import Settings
from chalicelib.state import Head, JobItem, JobStatus
from chalicelib.tuning_request import same_job, tags_for, tuning_request


@dataclass(frozen=True)
class Purchase:
    """Buys for one Lambda invocation, named by `owner`, which is killed at `deadline` (epoch seconds)."""

    bucket: Bucket
    ledger: Ledger
    sagemaker: SageMaker
    settings: Settings
    now: Callable[[], float]
    owner: str
    deadline: float

    def begin(self, head: Head, examined: Examined, attempt: int, image: str) -> Head:
        """Take the lease, freeze data and request, send the request. Raises: LostRace, DatasetChanged, Unavailable."""
        fingerprint = examined.desired.fingerprint
        assert fingerprint is not None, "only for examined data"
        name = tuning_job_name(self.settings.prefix, head.dataset, fingerprint, attempt)
        head = self.ledger.copying(head, fingerprint, attempt, name, self.owner, self.deadline)
        try:
            self._freeze(head, examined, image)
        except DatasetChanged:
            self.ledger.released(head, self.now())
            raise
        return self.send(self.ledger.creating(head, self.now()))

    def send(self, head: Head) -> Head:
        """Send the stored request of a `Creating` head. Sending it twice buys one job.

        Raises: QuotaExceeded, Throttled: the head stays `Creating`; send the same request again later."""
        stored = self.bucket.get_json(layout.request(head.dataset, head.tuning_job or ""))
        assert stored is not None, "the request is frozen before the head becomes Creating"
        try:
            self.sagemaker.create(stored)
        except NameInUse:
            if not self._is_ours(head, stored):
                return self._give_up(head, JobStatus.TAKEN, "Another tuning job has this name.")
        except Rejected as rejected:
            return self._give_up(head, JobStatus.REJECTED, str(rejected))
        return self.ledger.started(head, self.now())

    def _freeze(self, head: Head, examined: Examined, image: str) -> None:
        """Write the snapshot, its manifest, and last the request: if the request exists, everything does."""
        spec, desired = examined.spec, examined.desired
        assert spec is not None and head.tuning_job and head.fingerprint, "the data was examined"
        copies: dict[str, int] = {}
        files = []
        for file in desired.files:
            copies[file.channel] = number = copies.get(file.channel, 0) + 1
            ending = ".csv.gz" if file.path.lower().endswith(".gz") else ".csv"
            key = layout.job(head.dataset, head.tuning_job, f"data/{file.channel}/{number:05d}{ending}")
            self.bucket.snapshot(file.version, key)
            files.append({**file.to_dict(), "snapshot": key})
        manifest = {
            "dataset": head.dataset,
            "fingerprint": head.fingerprint,
            "attempt": head.attempt,
            "image": image,
            "spec": spec.model_dump(mode="json"),
            "training_keys": spec.training_keys(),
            "warnings": list(examined.warnings),
            "files": files,
        }
        self.bucket.put_json(layout.manifest(head.dataset, head.tuning_job), manifest)
        request = tuning_request(
            name=head.tuning_job,
            spec=spec,
            channels={
                channel: self.bucket.uri(layout.job(head.dataset, head.tuning_job, f"data/{channel}/"))
                for channel in copies
            },
            output_uri=self.bucket.uri(layout.job(head.dataset, head.tuning_job, "output/")),
            image=image,
            placement=self.settings.placement,
            tags=tags_for(self.settings.stack, head.dataset, head.fingerprint, head.attempt, spec.tags),
            data_bytes=sum(file.version.size for file in desired.files),
        )
        self.bucket.put_json(layout.request(head.dataset, head.tuning_job or ""), request)

    def _is_ours(self, head: Head, stored: dict[str, object]) -> bool:
        wanted = tags_for(self.settings.stack, head.dataset, head.fingerprint or "", head.attempt, {})
        return same_job(self.sagemaker.tags(head.tuning_job or ""), wanted)

    def _give_up(self, head: Head, status: JobStatus, reason: str) -> Head:
        """Record that nothing was bought under this name: the attempt is used up and the head is released."""
        job = JobItem(
            head.dataset,
            head.fingerprint or "",
            head.attempt,
            head.tuning_job or "",
            status,
            self.now(),
            reason,
        )
        known = self.ledger.job(job.dataset, job.fingerprint, job.attempt)
        self.ledger.put_job(job if known is None else replace(known, status=status, reason=reason), known)
        return self.ledger.released(head, self.now())
