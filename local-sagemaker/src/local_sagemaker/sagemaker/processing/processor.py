"""Runs one processing job from its creation to its end, and emits its state changes."""

import time
from dataclasses import dataclass, field

from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.jobs import failures
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.statuses import STOPPING
from local_sagemaker.sagemaker.processing.endings import TOLD_TO_STOP, ProcessingEnd, failed
from local_sagemaker.sagemaker.processing.events import processing_job_event
from local_sagemaker.sagemaker.processing.records import ProcessingJob, ProcessingStore
from local_sagemaker.sagemaker.processing.run import ProcessingRun


@dataclass
class Processor:
    """Runs processing jobs. `grace_s`, the time that a program has to end when it is stopped, can be shortened while
    jobs run."""

    platform: Platform
    store: ProcessingStore
    grace_s: float
    watchdog: Watchdog = field(default_factory=Watchdog)

    def run(self, job: ProcessingJob) -> None:
        """Download, process, upload. The job's status tells how it ended; nothing is raised."""
        self._end(job, self._run(job))

    def resume(self, job: ProcessingJob) -> None:
        """Run a job again that an earlier process did not finish; one that was stopping becomes Stopped."""
        if job.status == STOPPING:
            self._end(job, TOLD_TO_STOP)
        else:
            self.run(job)

    def stop(self, job: ProcessingJob) -> None:
        """Ask the job to stop. Does nothing if it has already ended or is stopping."""
        with self.store.changing(job):
            if job.has_ended or job.stop.is_set():
                return
            job.status, job.modified_at = STOPPING, time.time()
            job.stop.set()
            self.platform.emit(processing_job_event(job))

    def _run(self, job: ProcessingJob) -> ProcessingEnd:
        run = ProcessingRun(
            job=job,
            platform=self.platform,
            store=self.store,
            grace_s=lambda: self.grace_s,
            watchdog=self.watchdog,
        )
        return failures.run_to_end(run.go, failed, f"processing job {job.name}")

    def _end(self, job: ProcessingJob, end: ProcessingEnd) -> None:
        with self.store.changing(job):
            job.status, job.failure = end.status, end.reason or None
            job.ended_at = job.modified_at = time.time()
            self.platform.emit(processing_job_event(job))
