"""One training job from its creation to its end."""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localaws.sagemaker import artifacts, channels, process
from localaws.sagemaker.checkpoints import Checkpoints
from localaws.sagemaker.container import Folder, channels_of, way_to
from localaws.sagemaker.endings import TOLD_TO_STOP, Ending, after, end, failed, limit_of
from localaws.sagemaker.engine import NOT_STARTED
from localaws.sagemaker.events import training_job_event
from localaws.sagemaker.images import ContainerImage, Images, Program
from localaws.sagemaker.launch import Launch
from localaws.sagemaker.logs import PutLog, job_log
from localaws.sagemaker.metrics import Scraper
from localaws.sagemaker.process import Exit
from localaws.sagemaker.state import STOPPING, State, TrainingJob
from localaws.sagemaker.storage import DataFault

_log = logging.getLogger(__name__)


@dataclass
class Trainer:
    """Runs training jobs. `grace_s`, what a program has to end when told to, can be shortened while jobs run;
    `on_metric` is told each value of a metric, in the order in which they were printed."""

    s3: Any
    home: Path
    images: Images
    state: State
    emit: Callable[[dict[str, Any]], None]
    grace_s: float
    put_log: PutLog = field(default=lambda *_: None)
    on_metric: Callable[[TrainingJob, str, float], None] = field(default=lambda *_: None)

    def run(self, job: TrainingJob) -> None:
        """Download, train, upload. The job's status says how it ended; nothing is raised."""
        self._turn(job, "Starting", "Preparing the instances for training")
        self.emit(training_job_event(job))
        try:
            ending = self._train(job)
        except DataFault as fault:
            ending = failed(str(fault))
        except Exception as error:  # noqa: BLE001 - the edge of a thread: a job that nobody ends would hang for ever
            _log.exception("training job %s broke", job.name)
            ending = failed(f"InternalServerError: {type(error).__name__}: {error}")
        with self.state.changing():
            end(job, ending)
        self.emit(training_job_event(job))

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

    def _train(self, job: TrainingJob) -> Ending:
        _check_instances(job)
        image = self.images.find(job.request["AlgorithmSpecification"]["TrainingImage"])
        folder = Folder(self.home / job.name)
        config = job.request.get("CheckpointConfig")
        checkpoints = Checkpoints(self.s3, config, folder) if config else None
        job.started_at = time.time()
        self._turn(job, "Downloading", "Downloading input data")
        for channel in channels_of(job.request):
            channels.download(self.s3, channel, folder.channel(channel["ChannelName"]))
        if checkpoints:
            checkpoints.download()
        folder.configure(job.hyperparameters, job.request)
        if job.stop.is_set():
            return TOLD_TO_STOP
        self._turn(job, "Training", "Training image download completed. Training in progress.")
        with checkpoints.uploading() if checkpoints else nullcontext():
            ending = self._execute(job, image, folder, checkpoints)
        self._turn(job, "Uploading", "Uploading generated training model")
        return self._upload(job, folder, ending)

    def _execute(
        self, job: TrainingJob, image: Program | ContainerImage, folder: Folder, checkpoints: Checkpoints | None
    ) -> Ending:
        command = Launch(job, folder, checkpoints, self._way).command(image)
        limit = limit_of(job, time.time())
        on_line = self._listener(job)
        ended = process.run(command, folder.log, on_line, job.stop, limit.seconds, lambda: self.grace_s)
        if isinstance(image, ContainerImage) and ended == Exit(NOT_STARTED, "") and not folder.failure():
            said = folder.log.read_text(errors="replace").strip()
            return failed(f"ClientError: {image.engine.name} could not run {image.name}: {said}")
        return after(ended, folder.failure(), limit)

    def _listener(self, job: TrainingJob) -> Callable[[str], None]:
        """Takes the program's lines to the log, and the metrics in them to the job."""
        scraper = Scraper(job.request["AlgorithmSpecification"].get("MetricDefinitions", []))
        write = job_log(self.put_log, job.name)

        def on_line(line: str) -> None:
            write(line)
            for name, value in scraper.read(line).items():
                with self.state.changing():
                    job.metrics[name] = value, time.time()
                self.on_metric(job, name, value)

        return on_line

    def _upload(self, job: TrainingJob, folder: Folder, ending: Ending) -> Ending:
        """Whatever is there is uploaded, however the program ended. Raises: DataFault: but not over its failure."""
        config = job.request["OutputDataConfig"]
        base = f"{config['S3OutputPath'].rstrip('/')}/{job.name}/output"
        try:
            uri = artifacts.upload_model(self.s3, folder.model, base, config)
            artifacts.upload_archive(self.s3, folder.output, f"{base}/output.tar.gz", config)
        except DataFault:
            if not ending.reason:
                raise
            return ending
        with self.state.changing():
            job.model_uri = uri
        return ending

    @property
    def _way(self) -> dict[str, str]:
        return way_to(self.s3.meta.endpoint_url, self.s3.meta.region_name) if self.s3 else {}

    def _turn(self, job: TrainingJob, secondary: str, message: str) -> None:
        """A job that was told to stop stays in Stopping to its end."""
        with self.state.changing():
            if not job.stop.is_set():
                job.turn(secondary, message)


def _check_instances(job: TrainingJob) -> None:
    """Raises: DataFault: the request asks for more than the one machine that there is."""
    config = job.request.get("ResourceConfig", {})
    groups = config.get("InstanceGroups", [])
    count = sum(group["InstanceCount"] for group in groups) or config.get("InstanceCount", 1)
    if count != 1:
        text = f"this local AWS is one machine, and the request asks for {count} instances: set InstanceCount to 1"
        raise DataFault(f"ClientError: {text}.")
