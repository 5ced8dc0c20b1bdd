"""Conclude a tuning job that has ended, in an order in which nothing can be lost:

    champion → registry → record → report → claim the message → send → mark → attempt ended → overview → head ended

Every step is idempotent, so an interrupted pass is simply run again. The attempt's status is written last and therefore
means that everything before it is done. Only a crash between send and mark repeats a message, under the same id. (The
overview of all datasets is rendered from the attempts; if this step is missed, the next sweep catches up.)
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
    """The page of all datasets, rendered from the ledger alone, so any invocation can refresh it.

    Written after each conclusion. Of two concurrent writes, the later may be older: the next sweep corrects it."""

    bucket: Bucket
    ledger: Ledger

    def refresh(self) -> None:
        """Write the page unless it is up to date. Raises: Unavailable: try again later."""
        page = render_overview(self.ledger.known()).encode()
        if self.bucket.get(layout.OVERVIEW) != page:
            self.bucket.put(layout.OVERVIEW, page, "text/html")


@dataclass(frozen=True)
class Conclusion:
    """Concludes tuning jobs. For a job that has been concluded, a second call reads one item and writes nothing."""

    bucket: Bucket
    ledger: Ledger
    sagemaker: SageMaker
    topic: Topic
    registry: Registry
    overview: Overview
    settings: Settings
    now: Callable[[], float]

    def conclude(self, dataset: str, fingerprint: str, attempt: int, ended: TuningJob) -> bool:
        """Record, promote and notify. False: another invocation is sending the message; check again after `CLAIM_S`.

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
        """Record that a person deleted the tuning job; buy nothing."""
        job = self.ledger.job(head.dataset, head.fingerprint or "", head.attempt)
        if job is not None and job.status is JobStatus.STARTED:
            gone = replace(job, status=JobStatus.DELETED, at=self.now(), reason="It no longer exists in SageMaker.")
            self.ledger.put_job(gone, instead_of=job)
            self.overview.refresh()
        return self.ledger.released(head, self.now())

    def _record(self, dataset: str, fingerprint: str, attempt: int, ended: TuningJob) -> dict[str, Any]:
        """Write the record and the report to S3. An existing record's `told` and `model_package` are kept."""
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
        """Register the best model. A refusal by the registry does not prevent the record."""
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
        """Make the best model the dataset's champion if it beats the current one."""
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
        """Send the message unless it was sent before; the record says so as well, in case the ledger is lost."""
        if written.get("told") or not written["spec"].get("notify", True):
            return True
        message = messages.tuning_ended(written)
        if not tell_once(self.ledger, self.topic, message, self.now()):
            return False
        written["told"] = message.id
        self.bucket.put_json(layout.record(written["dataset"], written["tuning_job"]), written)
        return True
