"""Runs one tuning job: gets points from its strategies, trains them in parallel, and decides when to end."""

import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from local_sagemaker.sagemaker.jobs import completion
from local_sagemaker.sagemaker.jobs.completion import Progress
from local_sagemaker.sagemaker.jobs.definitions import Definition, next_definition
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.statuses import FAILED, STOPPING
from local_sagemaker.sagemaker.strategies import Observation, Suggestion, number_of_jobs, strategy_for
from local_sagemaker.sagemaker.training.attempt import OnMetric
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.tuning.failure import TrainingEnd, failure, has_failed, missing_objective
from local_sagemaker.sagemaker.tuning.scheduler import DefinitionScheduler

LOOK_S = 0.1
_log = logging.getLogger(__name__)


class Search:
    """Runs from the first training job to the last. `parents` are the observations of a warm start. Training jobs that
    the tuning job already has are adopted: an interrupted search resumes where it was."""

    def __init__(self, job: TuningJob, state: State, trainer: Trainer, parents: list[Observation], identical: bool):
        self._job, self._state, self._trainer = job, state, trainer
        self._config: dict[str, Any] = job.request["HyperParameterTuningJobConfig"]
        self._criteria: dict[str, Any] = self._config.get("TuningJobCompletionCriteria", {})
        self._sign = job.definitions[0].sign
        self._schedulers = [
            DefinitionScheduler(found, strategy_for(found.config, self._seed() + number, parents, identical))
            for number, found in enumerate(job.definitions)
        ]
        self._left = _most_jobs(job.definitions) - len(job.training_jobs)
        self._running: dict[Future[None], tuple[DefinitionScheduler, Suggestion, TrainingJob]] = {}
        self._ended: list[TrainingEnd] = []
        self._progress = Progress()
        self._over = False

    def go(self) -> str:
        """Run the search; return why it failed, or an empty string."""
        parallel = self._config["ResourceLimits"]["MaxParallelTrainingJobs"]
        with ThreadPoolExecutor(parallel, thread_name_prefix=self._job.name) as threads:
            self._take_over(threads)
            while self._running or (self._left and not self._is_over()):
                while self._left and len(self._running) < parallel and not self._is_over():
                    self._start_next(threads)
                done, _ = wait(self._running, timeout=LOOK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._note(*self._running.pop(future))
                if self._is_over():
                    self._stop_the_rest()
        return self._failure()

    def _seed(self) -> int:
        """The random seed, which survives an interruption."""
        if self._job.seed is None:
            asked = self._config.get("RandomSeed")
            with self._state.changing(self._job):
                self._job.seed = asked if asked is not None else secrets.randbelow(2**31)
        return int(self._job.seed or 0)

    def _take_over(self, threads: ThreadPoolExecutor) -> None:
        """Adopt the existing training jobs. Ended ones count as if this search had seen them end; the others run again,
        or end if they had been asked to stop."""
        found = list(self._job.training_jobs)
        for training in found:
            self._scheduler_of(training).training_jobs.append(training)
            if self._job.stop.is_set():
                self._trainer.stop(training)
            if training.status == STOPPING:
                self._trainer.resume(training)
        ended = [training for training in found if training.has_ended]
        for scheduler in self._schedulers:
            own = [training for training in scheduler.training_jobs if training.has_ended]
            scheduler.strategy.inform([Observation(one.tuned, self._job.objective(one)) for one in own])
        for training in sorted(ended, key=lambda one: one.ended_at or 0.0):
            self._count(self._scheduler_of(training), training)
        for training in found:
            if not training.has_ended:
                scheduler = self._scheduler_of(training)
                self._submit(
                    threads, self._trainer.resume, scheduler, scheduler.strategy.adopt(training.tuned), training
                )

    def _start_next(self, threads: ThreadPoolExecutor) -> None:
        number = next_definition(
            [len(one.training_jobs) for one in self._schedulers], [one.most for one in self._schedulers]
        )
        assert number is not None, "there are never more training jobs left than the definitions can have"
        scheduler = self._schedulers[number]
        suggestion = scheduler.strategy.ask()
        training = self._training_job(scheduler.definition, suggestion.values)
        with self._state.changing(self._job):
            self._state.add_training(training)
            self._job.training_jobs.append(training)
            scheduler.training_jobs.append(training)
            self._job.modified_at = time.time()
            self._job.note_runtime(self._job.modified_at)
            self._trainer.announce(training)
        self._left -= 1
        self._submit(threads, self._trainer.run, scheduler, suggestion, training)

    def _submit(
        self,
        threads: ThreadPoolExecutor,
        run: Callable[[TrainingJob, OnMetric], None],
        scheduler: DefinitionScheduler,
        suggestion: Suggestion,
        training: TrainingJob,
    ) -> None:
        def on_metric(name: str, value: float) -> None:
            if name == scheduler.definition.metric and self._should_stop(scheduler, training, value):
                self._trainer.stop(training)

        self._running[threads.submit(run, training, on_metric)] = (scheduler, suggestion, training)

    def _should_stop(self, scheduler: DefinitionScheduler, training: TrainingJob, objective: float) -> bool:
        """Called from the training jobs' threads. Objectives printed after the request to stop are not counted."""
        with self._state.lock:
            if training.stop.is_set():
                return False
            training.curve.append(objective)
            return scheduler.should_stop(training)

    def _training_job(self, definition: Definition, values: dict[str, str]) -> TrainingJob:
        job, now = self._job, time.time()
        name = f"{job.name}-{len(job.training_jobs) + 1:03d}-{secrets.token_hex(4)}"
        return TrainingJob(
            name=name,
            arn=job.arn.replace(f":hyper-parameter-tuning-job/{job.name.lower()}", f":training-job/{name.lower()}"),
            request=dict(definition.request),
            hyperparameters={**definition.static, **values, "_tuning_objective_metric": definition.metric},
            tags=dict(job.tags),
            created_at=now,
            modified_at=now,
            tuning_job=job.name,
            definition_name=definition.name,
            tuned=values,
        )

    def _note(self, scheduler: DefinitionScheduler, suggestion: Suggestion, training: TrainingJob) -> None:
        scheduler.strategy.tell(suggestion, self._job.objective(training))
        self._count(scheduler, training)
        with self._state.changing(self._job):
            self._job.note_runtime(time.time())

    def _count(self, scheduler: DefinitionScheduler, training: TrainingJob) -> None:
        with self._state.lock:
            scheduler.note(training)
        objective = self._job.objective(training)
        if objective is not None or not training.stop.is_set():
            self._ended.append(TrainingEnd(training.status, objective is not None))
        if objective is not None:
            self._progress = self._progress.after(objective, self._sign, training.ended_at or time.time())

    def _scheduler_of(self, training: TrainingJob) -> DefinitionScheduler:
        return next(one for one in self._schedulers if one.definition.name == training.definition_name)

    def _is_over(self) -> bool:
        """Whether the search is over. Once it is, the training jobs that still run cannot change that."""
        self._over = self._over or self._has_to_end()
        return self._over

    def _has_to_end(self) -> bool:
        """Whether it was asked to stop, is out of time, has met a completion criterion, or had only failures."""
        limit = self._config["ResourceLimits"].get("MaxRuntimeInSeconds")
        is_late = limit is not None and self._job.runtime_s(time.time()) >= limit
        is_enough = completion.is_enough(self._progress, self._criteria, self._sign)
        return self._job.stop.is_set() or is_late or is_enough or has_failed(self._ended)

    def _stop_the_rest(self) -> None:
        for _, _, training in self._running.values():
            self._trainer.stop(training)

    def _failure(self) -> str:
        reason = failure(self._ended)
        silent = [one for one in self._job.training_jobs if one.status != FAILED and not one.stop.is_set()]
        if reason and silent and not self._job.stop.is_set():
            _log.warning("%s: %s\n%s", self._job.name, reason, self._missing(silent[-1]))
        return reason

    def _missing(self, training: TrainingJob) -> str:
        """AWS's words do not tell why the objective of a training job is missing."""
        definition = self._job.definition_of(training)
        metrics = definition.request["AlgorithmSpecification"]["MetricDefinitions"]
        regex = next(found["Regex"] for found in metrics if found["Name"] == definition.metric)
        return missing_objective(definition.metric, regex, training.name, self._trainer.log(training))


def _most_jobs(definitions: tuple[Definition, ...]) -> int:
    """The maximum for the whole tuning job; a grid has one training job for each combination."""
    if definitions[0].config["Strategy"] == "Grid":
        return sum(number_of_jobs(found.config) for found in definitions)
    return number_of_jobs(definitions[0].config)
