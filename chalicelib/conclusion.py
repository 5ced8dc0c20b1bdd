"""What follows a tuning job's end, in the order in which nothing can be lost:

    registry → champion → record → report → claim the message → send → mark → attempt ended → overview → head ended

Every step is idempotent, so a pass that was killed is simply run again; the attempt's status is written last and
therefore says that all was done. Only a crash between send and mark repeats a message, under the same id. (The
overview of all datasets is made from the attempts; should it be missed, the next sweep makes it.)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import layout
from chalicelib.aws.bucket import Bucket
from chalicelib.aws.faults import text_of
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.registry import Registry
from chalicelib.aws.sagemaker import SageMaker
from chalicelib.aws.topic import Topic
from chalicelib.dataset import model_group_name
from chalicelib.errors import LostRace
from chalicelib.messages import tuning as messages
from chalicelib.report import render_report
from chalicelib.report.overview import render_overview
from chalicelib.results.outcome import Outcome, TuningJob, beats, outcome
from chalicelib.results.record import record
from chalicelib.settings import Settings
from chalicelib.state import Head, JobItem, JobStatus
from chalicelib.telling import tell_once


@dataclass(frozen=True)
class Overview:
    """The page of all datasets, made from the ledger alone, so anybody may make it again.

    Written after each conclusion. Of two that write at once the later may know less: the sweep sets it right."""

    bucket: Bucket
    ledger: Ledger

    def refresh(self) -> None:
        """Write the page unless it is there already as it should be. Raises: Unavailable: again later."""
        page = render_overview(self.ledger.known()).encode()
        if self.bucket.get(layout.OVERVIEW) != page:
            self.bucket.put(layout.OVERVIEW, page, "text/html")


@dataclass(frozen=True)
class Conclusion:
    """Concludes tuning jobs; a second call for a job that was concluded reads one item and writes nothing."""

    bucket: Bucket
    ledger: Ledger
    sagemaker: SageMaker
    topic: Topic
    registry: Registry
    overview: Overview
    settings: Settings
    now: Callable[[], float]

    def conclude(self, dataset: str, fingerprint: str, attempt: int, ended: TuningJob) -> bool:
        """Record, promote and tell. False: somebody else is telling; look again after `CLAIM_S`.

        Raises: Unavailable: call again later; nothing is lost."""
        job = self.ledger.job(dataset, fingerprint, attempt)
        if job is None:
            started = JobItem(dataset, fingerprint, attempt, ended.name, JobStatus.STARTED, self.now())
            job = self.ledger.put_job(started)
        if job.status is not JobStatus.STARTED:
            return True
        written = self._record(dataset, fingerprint, attempt, ended)
        if not self._tell(written):
            return False
        objective = written["objective"]["value"] if written["best"] else None
        finished = replace(
            job,
            status=JobStatus(written["status"]),
            at=self.now(),
            reason=written.get("reason") or "",
            objective=objective,
            record_uri=self.bucket.uri(layout.record(dataset, ended.name)),
        )
        self.ledger.put_job(finished, instead_of=job)
        self.overview.refresh()
        return True

    def deleted(self, head: Head) -> Head:
        """A person deleted the tuning job: note it, buy nothing."""
        job = self.ledger.job(head.dataset, head.fingerprint or "", head.attempt)
        if job is not None and job.status is JobStatus.STARTED:
            gone = replace(job, status=JobStatus.DELETED, at=self.now(), reason="It is no longer in SageMaker.")
            self.ledger.put_job(gone, instead_of=job)
            self.overview.refresh()
        return self.ledger.released(head, self.now())

    def _record(self, dataset: str, fingerprint: str, attempt: int, ended: TuningJob) -> dict[str, Any]:
        """The record and the report in S3; the record that is there already keeps what it says was told."""
        before = self.bucket.get_json(layout.record(dataset, ended.name)) or {}
        manifest = self.bucket.get_json(layout.manifest(dataset, ended.name)) or {}
        result = outcome(ended, self.sagemaker.training_jobs(ended.name), ended.claimed_best)
        written = record(
            result,
            dataset=dataset,
            fingerprint=fingerprint,
            attempt=attempt,
            manifest=manifest,
            region=self.settings.region,
            champion=self._promote(dataset, result),
            model_package=before.get("model_package") or self._register(dataset, result, manifest),
            told=before.get("told"),
        )
        self.bucket.put_json(layout.record(dataset, ended.name), written)
        self.bucket.put(layout.report(dataset, ended.name), render_report(written).encode(), "text/html")
        return written

    def _register(self, dataset: str, result: Outcome, manifest: dict[str, Any]) -> dict[str, str] | None:
        """The best model's version in the registry. A registry that refuses does not keep the record back."""
        best, image = result.best, manifest.get("image") or result.tuning_job.image
        if best is None or best.model_uri is None or not image:
            return None
        facts = {"dataset": dataset, "tuning_job": result.tuning_job.name, "mse": repr(best.objective)}
        group = model_group_name(self.settings.prefix, dataset)
        try:
            arn = self.registry.register(
                group, image=image, model_uri=best.model_uri, tuning_job=result.tuning_job.name, facts=facts
            )
        except ClientError as error:
            return {"refused": text_of(error)}
        return {"arn": arn, "group": group}

    def _promote(self, dataset: str, result: Outcome) -> dict[str, Any]:
        """Make the best model the dataset's champion if it beats the one there is."""
        current = self.ledger.champion(dataset)
        if result.best is None:
            return {"promoted": False, "current": current}
        if current and current["tuning_job"] == result.tuning_job.name:
            return {"promoted": True, "current": current}
        objective = result.best.objective or 0.0
        if current and not beats(current["objective"], objective):
            return {"promoted": False, "current": current}
        champion = {
            "tuning_job": result.tuning_job.name,
            "training_job": result.best.name,
            "objective": objective,
            "model_uri": result.best.model_uri,
        }
        version = current["version"] + 1 if current else 1
        try:
            self.ledger.promote(dataset, champion, version)
        except LostRace:
            return self._promote(dataset, result)
        return {"promoted": True, "current": {**champion, "version": version}, "previous": current}

    def _tell(self, written: dict[str, Any]) -> bool:
        """Send the message unless it went out; the record then says so, should the ledger be lost."""
        if written.get("told") or not written["spec"].get("notify", True):
            return True
        message = messages.tuning_ended(written)
        if not tell_once(self.ledger, self.topic, message, self.now()):
            return False
        written["told"] = message.id
        self.bucket.put_json(layout.record(written["dataset"], written["tuning_job"]), written)
        return True
