"""One tuning job: asks the strategy for points, trains them side by side, and knows when to end."""

import logging
import math
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from localaws.sagemaker.events import tuning_job_event
from localaws.sagemaker.metrics import as_float32
from localaws.sagemaker.state import COMPLETED, FAILED, STOPPED, STOPPING, State, TrainingJob, TuningJob
from localaws.sagemaker.strategies import Strategy, Suggestion, number_of_jobs, strategy_for
from localaws.sagemaker.training import Trainer

_log = logging.getLogger(__name__)
LOOK_S = 0.1
CONVERGED_AFTER = 10
ATTEMPTS = 5
"""AWS gives up when the first five training jobs have all failed."""
_OF_TUNING_ONLY = (
    "DefinitionName", "TuningObjective", "HyperParameterRanges", "StaticHyperParameters",
    "HyperParameterTuningResourceConfig",
)  # fmt: skip


@dataclass
class Tuner:
    """Drives tuning jobs, each in the thread that calls `run`."""

    state: State
    trainer: Trainer
    emit: Callable[[dict[str, Any]], None]

    def run(self, job: TuningJob) -> None:
        """From the first training job to the last; the job's status says how it ended, nothing is raised. One that an
        earlier process has begun goes on from its training jobs: those that ended inform the search again, the others
        are run again."""
        if not job.training_jobs:
            self.emit(tuning_job_event(job))
        try:
            failure = _Search(job, self).go()
            status = STOPPED if job.stop.is_set() else FAILED if failure else COMPLETED
        except Exception as error:  # noqa: BLE001 - the edge of a thread: else the job would be in progress for ever
            _log.exception("tuning job %s broke", job.name)
            status, failure = FAILED, f"InternalServerError: {type(error).__name__}: {error}"
        with self.state.changing(job):
            job.status, job.failure = status, failure if status == FAILED else None
            job.ended_at = job.modified_at = time.time()
            self.emit(tuning_job_event(job))

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


def patience(criteria: Mapping[str, Any]) -> float:
    """How many training jobs in a row need not improve before the search is over.

    AWS does not say when it takes a search for converged; here that is `CONVERGED_AFTER` jobs without a gain."""
    asked = criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving", math.inf)
    converges = criteria.get("ConvergenceDetected", {}).get("CompleteOnConvergence") == "Enabled"
    return min(float(asked), CONVERGED_AFTER if converges else math.inf)


@dataclass
class _Search:
    job: TuningJob
    tuner: Tuner
    strategy: Strategy = field(init=False)
    started_at: float = field(init=False)
    running: dict[Future[None], tuple[Suggestion, TrainingJob]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    without_gain: int = 0
    over: bool = False

    def __post_init__(self) -> None:
        self.config = self.job.request["HyperParameterTuningJobConfig"]
        seed = self.config.get("RandomSeed")
        seed = seed if seed is not None else secrets.randbelow(2**31)
        begun = list(self.job.training_jobs)
        self.started_at = self.job.created_at if begun else time.time()
        self.strategy = strategy_for(self.config, seed + len(begun))  # a resumed search draws no point again
        self.left = number_of_jobs(self.config) - len(begun)
        self.unfinished: list[tuple[Suggestion, TrainingJob]] = []
        for training in begun:
            suggestion = self.strategy.resume(training.tuned)
            if training.has_ended:
                self._note(suggestion, training)
            else:
                self.unfinished.append((suggestion, training))

    def go(self) -> str:
        """Why it failed, or nothing."""
        parallel = self.config["ResourceLimits"]["MaxParallelTrainingJobs"]
        with ThreadPoolExecutor(parallel, thread_name_prefix=self.job.name) as threads:
            for suggestion, training in self.unfinished:
                self.running[threads.submit(self.tuner.trainer.run_again, training)] = (suggestion, training)
            while self.running or (self.left and not self._is_over()):
                while self.left and len(self.running) < parallel and not self._is_over():
                    self._start(threads)
                done, _ = wait(self.running, timeout=LOOK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._note(*self.running.pop(future))
                if self._is_over():
                    self._stop_the_rest()
        return self._failure()

    def _start(self, threads: ThreadPoolExecutor) -> None:
        suggestion = self.strategy.ask()
        training = self._training_job(suggestion.values)
        with self.tuner.state.changing(self.job):
            self.tuner.state.add_training(training)
            self.job.training_jobs.append(training)
            self.job.modified_at = time.time()
        self.left -= 1
        self.running[threads.submit(self.tuner.trainer.run, training)] = (suggestion, training)

    def _training_job(self, values: dict[str, str]) -> TrainingJob:
        job, definition = self.job, self.job.definition
        name = f"{job.name}-{len(job.training_jobs) + 1:03d}-{secrets.token_hex(4)}"
        static, now = definition.get("StaticHyperParameters", {}), time.time()
        return TrainingJob(
            name=name,
            arn=job.arn.replace(f":hyper-parameter-tuning-job/{job.name.lower()}", f":training-job/{name.lower()}"),
            request={name: value for name, value in definition.items() if name not in _OF_TUNING_ONLY},
            hyperparameters={**static, **values, "_tuning_objective_metric": job.metric},
            tags=dict(job.tags),
            created_at=now,
            modified_at=now,
            tuning_job=job.name,
            tuned=values,
        )

    def _note(self, suggestion: Suggestion, training: TrainingJob) -> None:
        value = training.metrics.get(self.job.metric) if training.status == COMPLETED else None
        self.strategy.tell(suggestion, value[0] if value else None)
        self.ended.append(training.status)
        if value:
            self.without_gain = 0 if self.job.best is training else self.without_gain + 1

    def _is_over(self) -> bool:
        """Once over it stays so, whatever comes of the training jobs that still run."""
        self.over = self.over or self._has_to_end()
        return self.over

    def _has_to_end(self) -> bool:
        """Told to stop, out of time, enough reached, or nothing but failures."""
        limit = self.config["ResourceLimits"].get("MaxRuntimeInSeconds")
        is_late = limit is not None and time.time() - self.started_at >= limit
        return self.job.stop.is_set() or is_late or self._is_enough() or self._is_hopeless()

    def _is_enough(self) -> bool:
        criteria = self.config.get("TuningJobCompletionCriteria", {})
        target, best = criteria.get("TargetObjectiveMetricValue"), self.job.best
        if target is not None and best is not None:
            value, target = best.metrics[self.job.metric][0], as_float32(target)
            if value <= target if self.job.objective["Type"] == "Minimize" else value >= target:
                return True
        return self.without_gain >= patience(criteria)

    def _is_hopeless(self) -> bool:
        return self.ended[:ATTEMPTS] == [FAILED] * ATTEMPTS

    def _stop_the_rest(self) -> None:
        for _, training in self.running.values():
            self.tuner.trainer.stop(training)

    def _failure(self) -> str:
        first = self.ended[:ATTEMPTS]
        if set(first) != {FAILED}:
            return ""
        text = f"No training job succeeded after {len(first)} attempts."
        return f"{text} Please take a look at the training job failures to get more details."
