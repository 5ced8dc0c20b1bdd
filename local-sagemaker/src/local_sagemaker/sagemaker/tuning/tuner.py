"""Runs tuning jobs from their creation, or an interruption, to their end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.jobs import warm_start
from local_sagemaker.sagemaker.jobs.events import tuning_job_event
from local_sagemaker.sagemaker.jobs.failures import internal_error
from local_sagemaker.sagemaker.jobs.jobs import TuningJob
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, STOPPED, STOPPING
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.tuning.parents import observations
from local_sagemaker.sagemaker.tuning.search import Search


@dataclass
class Tuner:
    """Runs tuning jobs, each in the thread that calls `run` or `resume`."""

    state: State
    trainer: Trainer
    emit: Callable[[dict[str, Any]], None]

    def announce(self, job: TuningJob) -> None:
        """Emit the creation event. Call it before `run`, so that it precedes any stop event."""
        self.emit(tuning_job_event(job))

    def run(self, job: TuningJob) -> None:
        """Run all training jobs. The job's status tells how it ended; nothing is raised."""
        self._go(job)

    def resume(self, job: TuningJob) -> None:
        """Resume an interrupted job. Its ended training jobs keep their results and count against every limit; those in
        progress run again under the same names; those that were stopping become Stopped."""
        if job.status == STOPPING:
            job.stop.set()
        self._go(job)

    def stop(self, job: TuningJob) -> None:
        """Ask the job and its training jobs to stop. Does nothing if it has already ended."""
        with self.state.changing(job):
            if job.ended_at is not None or job.stop.is_set():
                return
            job.stop.set()
            job.status, job.modified_at = STOPPING, time.time()
            self.emit(tuning_job_event(job))
            running = list(job.training_jobs)
        for training in running:
            self.trainer.stop(training)

    def _go(self, job: TuningJob) -> None:
        job.running_since = time.time()
        try:
            failure = self._search(job).go()
            status = STOPPED if job.stop.is_set() else FAILED if failure else COMPLETED
        except Exception as error:  # noqa: BLE001 - the edge of a thread: otherwise the job would be InProgress forever
            if not self.state.is_open:
                return  # the local AWS is stopping and starts no training jobs; its next start resumes this one
            status, failure = FAILED, internal_error(error, f"tuning job {job.name}")
        with self.state.changing(job):
            job.status, job.failure = status, failure if status == FAILED else None
            job.ended_at = job.modified_at = time.time()
            job.note_runtime(job.ended_at)
            job.running_since = None
            self.emit(tuning_job_event(job))

    def _search(self, job: TuningJob) -> Search:
        learned = observations(warm_start.parents(self.state, job))
        return Search(job, self.state, self.trainer, learned, warm_start.is_identical(job.request))
