"""Runs one training job from its creation to its end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from local_sagemaker.sagemaker.container.folder import LOG
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.jobs import failures
from local_sagemaker.sagemaker.jobs.events import training_job_event
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.statuses import INTERNAL_ERROR, STOPPING
from local_sagemaker.sagemaker.training.attempt import Attempt, OnMetric
from local_sagemaker.sagemaker.training.endings import TOLD_TO_STOP, Ending, end, failed

STARTING = ("Starting", "Preparing the instances for training")


@dataclass
class Trainer:
    """Runs training jobs. `grace_s`, the time that a program has to end when it is stopped, can be shortened while jobs
    run."""

    platform: Platform
    state: State
    grace_s: float
    watchdog: Watchdog = field(default_factory=Watchdog)

    def announce(self, job: TrainingJob) -> None:
        """Emit the creation event. Call it before `run`, so that it precedes any stop event."""
        with self.state.changing(job):
            self.move_to(job, *STARTING)
            self.platform.emit(training_job_event(job))

    def run(self, job: TrainingJob, on_metric: OnMetric = lambda name, value: None) -> None:
        """Download, train, upload. The job's status tells how it ended; nothing is raised. `on_metric` is called with
        the name and value of each metric as it is printed."""
        self._end(job, self._attempts(job, on_metric))

    def resume(self, job: TrainingJob, on_metric: OnMetric = lambda name, value: None) -> None:
        """Restart a job that an earlier process did not finish. A job that was stopping becomes Stopped and keeps its
        metrics."""
        if job.status == STOPPING:
            return self._end(job, TOLD_TO_STOP)
        self._begin_again(job)
        return self.run(job, on_metric)

    def stop(self, job: TrainingJob) -> None:
        """Ask the job to stop. Does nothing if it has already ended or is stopping."""
        with self.state.changing(job):
            if job.has_ended or job.stop.is_set():
                return
            job.move_to(STOPPING, "Stopping the training job")
            job.status = STOPPING
            job.stop.set()
            self.platform.emit(training_job_event(job))

    def log(self, job: TrainingJob) -> Iterator[str]:
        """The lines that the job's last attempt printed; none if its folder is gone."""
        try:
            with (self.platform.home / job.name / LOG).open(encoding="utf-8", errors="replace") as lines:
                yield from lines
        except FileNotFoundError:
            return

    def move_to(self, job: TrainingJob, secondary: str, message: str) -> None:
        """Move to another secondary status. A job that was asked to stop remains in Stopping until its end."""
        with self.state.changing(job):
            if not job.stop.is_set():
                job.move_to(secondary, message)

    def _attempts(self, job: TrainingJob, on_metric: OnMetric) -> Ending:
        """RetryStrategy: retry after an InternalServerError; all attempts together have one MaxRuntimeInSeconds."""
        retries = job.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        spent_s = 0.0
        while not job.stop.is_set():
            ending = self._attempt(job, on_metric, spent_s)
            if not ending.reason.startswith(INTERNAL_ERROR) or not retries:
                return ending
            retries -= 1
            spent_s += time.time() - (job.started_at or time.time())
            self._begin_again(job)
        return TOLD_TO_STOP

    def _begin_again(self, job: TrainingJob) -> None:
        with self.state.changing(job):
            job.discard_results()
            self.move_to(job, *STARTING)

    def _attempt(self, job: TrainingJob, on_metric: OnMetric, spent_s: float) -> Ending:
        attempt = Attempt(
            job=job,
            platform=self.platform,
            state=self.state,
            move_to=self.move_to,
            grace_s=lambda: self.grace_s,
            watchdog=self.watchdog,
            on_metric=on_metric,
            spent_s=spent_s,
        )
        return failures.run_to_end(attempt.go, failed, f"training job {job.name}")

    def _end(self, job: TrainingJob, ending: Ending) -> None:
        with self.state.changing(job):
            end(job, ending)
            self.platform.emit(training_job_event(job))
