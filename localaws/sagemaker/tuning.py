"""Tuning jobs from their creation, or an interruption, to their end."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localaws.sagemaker import warm_start
from localaws.sagemaker.events import tuning_job_event
from localaws.sagemaker.jobs import TuningJob
from localaws.sagemaker.search import Search
from localaws.sagemaker.state import State
from localaws.sagemaker.statuses import COMPLETED, FAILED, INTERNAL_ERROR, STOPPED, STOPPING
from localaws.sagemaker.training import Trainer

_log = logging.getLogger(__name__)


@dataclass
class Tuner:
    """Drives tuning jobs, each in the thread that calls `run` or `resume`."""

    state: State
    trainer: Trainer
    emit: Callable[[dict[str, Any]], None]

    def announce(self, job: TuningJob) -> None:
        """It is there. To be called before `run` by whoever created it, so that no word to stop comes first."""
        self.emit(tuning_job_event(job))

    def run(self, job: TuningJob) -> None:
        """From the first training job to the last; the job's status says how it ended, nothing is raised."""
        self._go(job)

    def resume(self, job: TuningJob) -> None:
        """One that was interrupted: its ended training jobs count as they are, also against every limit, those in
        progress run again under their names, and those that were stopping have stopped."""
        if job.status == STOPPING:
            job.stop.set()
        self._go(job)

    def stop(self, job: TuningJob) -> None:
        """Tell it and its training jobs to stop; stopping one that has ended changes nothing."""
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
        except Exception as error:  # noqa: BLE001 - the edge of a thread: else the job would be in progress for ever
            if not self.state.is_open:
                return  # the local AWS is stopping, and starts no training job; the next one resumes
            _log.exception("tuning job %s broke", job.name)
            status, failure = FAILED, f"{INTERNAL_ERROR}: {type(error).__name__}: {error}"
        with self.state.changing(job):
            job.status, job.failure = status, failure if status == FAILED else None
            job.ended_at = job.modified_at = time.time()
            job.note_runtime(job.ended_at)
            job.running_since = None
            self.emit(tuning_job_event(job))

    def _search(self, job: TuningJob) -> Search:
        parents = warm_start.observations(warm_start.parents(self.state, job))
        return Search(job, self.state, self.trainer, parents, warm_start.is_identical(job.request))
