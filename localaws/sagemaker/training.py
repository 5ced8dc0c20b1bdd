"""One training job from its creation to its end."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.sagemaker import container, storage
from localaws.sagemaker.container import Exit, Folder
from localaws.sagemaker.events import training_job_event
from localaws.sagemaker.metrics import Scraper
from localaws.sagemaker.state import COMPLETED, FAILED, INTERNAL_ERROR, STOPPED, STOPPING, State, TrainingJob

_log = logging.getLogger(__name__)
DEFAULT_MAX_RUNTIME_S = 86400

Outcome = tuple[str, str, str]
"""Status, secondary status and failure reason."""


@dataclass
class Trainer:
    """Runs training jobs. `images` maps repository names to folders that hold a program `entrypoint`; `grace_s` can be
    shortened while jobs run."""

    s3: Any
    home: Path
    images: Mapping[str, Path]
    state: State
    emit: Callable[[dict[str, Any]], None]
    grace_s: float

    def announce(self, job: TrainingJob) -> None:
        """It is there. To be called before `run` by whoever created it, so that no word to stop comes first."""
        self._turn(job, "Starting", "Preparing the instances for training")
        self.emit(training_job_event(job))

    def run(self, job: TrainingJob, on_metric: Callable[[str, float], None] = lambda name, value: None) -> None:
        """Download, train, upload. The job's status says how it ended; nothing is raised. `on_metric` gets the name
        and value of each metric as it is printed."""
        self._end(job, *self._attempts(job, on_metric))

    def abandon(self, job: TrainingJob) -> None:
        """One that was stopping when this service went down has stopped; it keeps its metrics."""
        self._end(job, STOPPED, STOPPED, "")

    def stop(self, job: TrainingJob) -> None:
        """Tell it to stop; to one that has ended or was told before, nothing happens."""
        with self.state.changing():
            if job.has_ended or job.stop.is_set():
                return
            job.turn(STOPPING, "Stopping the training job")
            job.status = STOPPING
            job.stop.set()
            event = training_job_event(job)
        self.emit(event)

    def _attempts(self, job: TrainingJob, on_metric: Callable[[str, float], None]) -> Outcome:
        """RetryStrategy: again after an InternalServerError, within the one MaxRuntimeInSeconds of all attempts."""
        retries = job.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        spent_s = 0.0
        while not job.stop.is_set():
            outcome = self._attempt(job, on_metric, spent_s)
            if not outcome[2].startswith(INTERNAL_ERROR) or not retries:
                return outcome
            retries -= 1
            spent_s += time.time() - (job.started_at or time.time())
            with self.state.changing():
                job.again()
            self._turn(job, "Starting", "Preparing the instances for training")
        return STOPPED, STOPPED, ""

    def _attempt(self, job: TrainingJob, on_metric: Callable[[str, float], None], spent_s: float) -> Outcome:
        try:
            return self._train(job, on_metric, spent_s)
        except storage.DataFault as fault:
            return FAILED, FAILED, str(fault)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: a job that nobody ends would hang for ever
            _log.exception("training job %s broke", job.name)
            return FAILED, FAILED, f"{INTERNAL_ERROR}: {type(error).__name__}: {error}"[:1024]

    def _end(self, job: TrainingJob, status: str, secondary: str, failure: str) -> None:
        with self.state.changing():
            job.turn(secondary, failure or f"Training job {secondary.lower()}")
            job.status, job.failure = status, failure or None
            job.ended_at = job.modified_at = time.time()
        self.emit(training_job_event(job))

    def _train(self, job: TrainingJob, on_metric: Callable[[str, float], None], spent_s: float) -> Outcome:
        program = self._program(job.request["AlgorithmSpecification"]["TrainingImage"])
        folder = Folder(self.home / job.name)
        channels = job.request.get("InputDataConfig", [])
        self._turn(job, "Downloading", "Downloading input data")
        for channel in channels:
            storage.download(self.s3, channel, folder.channel(channel["ChannelName"]))
        folder.configure(job.hyperparameters, channels)
        self._turn(job, "Training", "Training image download completed. Training in progress.")
        job.started_at = time.time()
        ended = self._execute(job, program, folder, on_metric, spent_s)
        return self._conclude(job, folder, ended)

    def _execute(
        self,
        job: TrainingJob,
        program: Path,
        folder: Folder,
        on_metric: Callable[[str, float], None],
        spent_s: float,
    ) -> Exit:
        scraper = Scraper(job.request["AlgorithmSpecification"].get("MetricDefinitions", []))

        def on_line(line: str) -> None:
            found = scraper.read(line)
            if found:
                with self.state.changing():
                    job.metrics.update({name: (value, time.time()) for name, value in found.items()})
            for name, value in found.items():
                on_metric(name, value)

        channels = [channel["ChannelName"] for channel in job.request.get("InputDataConfig", [])]
        more = job.request.get("Environment", {})
        variables = container.environment(folder, job.name, job.arn, channels, more)
        condition = job.request.get("StoppingCondition", {})
        max_runtime_s = condition.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_S) - spent_s
        return container.run(program, folder, variables, on_line, job.stop, max_runtime_s, lambda: self.grace_s)

    def _conclude(self, job: TrainingJob, folder: Folder, ended: Exit) -> Outcome:
        if ended.code != 0 and not ended.why:
            reason = folder.failure() or "Please see the job's log for more information"
            return FAILED, FAILED, f"AlgorithmError: {reason}, exit code: {ended.code}"[:1024]
        self._turn(job, "Uploading", "Uploading generated training model")
        base = f"{job.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{job.name}/output"
        uri = storage.upload(self.s3, folder.model, f"{base}/model.tar.gz")
        storage.upload(self.s3, folder.output, f"{base}/output.tar.gz")
        with self.state.changing():
            job.model_uri = uri
        if not ended.why:
            return COMPLETED, COMPLETED, ""
        return STOPPED, STOPPED if ended.why == "stopped" else "MaxRuntimeExceeded", ""

    def _program(self, image: str) -> Path:
        """The program behind an image: by the repository's name, whatever registry, tag and digest."""
        repository = image.rsplit("@", 1)[0].rsplit("/", 1)[-1].split(":", 1)[0]
        if repository not in self.images:
            known = ", ".join(sorted(self.images)) or "none"
            text = f"ClientError: no program stands for the training image {image} here; known repositories: {known}."
            raise storage.DataFault(text)
        return self.images[repository] / "entrypoint"

    def _turn(self, job: TrainingJob, secondary: str, message: str) -> None:
        """A job that was told to stop stays in Stopping to its end."""
        with self.state.changing():
            if not job.stop.is_set():
                job.turn(secondary, message)
