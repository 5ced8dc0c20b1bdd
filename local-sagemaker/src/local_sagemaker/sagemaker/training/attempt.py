"""One attempt at a training job: download, train, upload."""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from local_sagemaker.sagemaker.container import artifacts, channels, process
from local_sagemaker.sagemaker.container.checkpoints import Checkpoints
from local_sagemaker.sagemaker.container.cloudwatch import JobMetrics
from local_sagemaker.sagemaker.container.folder import Folder, channels_of, client_variables
from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.logs import TRAINING_JOBS, job_log
from local_sagemaker.sagemaker.container.output import OnLines
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob
from local_sagemaker.sagemaker.jobs.metrics import Scraper
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.training.endings import TOLD_TO_STOP, Ending, after, failed, limit_of
from local_sagemaker.sagemaker.training.launch import Launch

OnMetric = Callable[[str, float], None]


@dataclass(frozen=True)
class Attempt:
    """`move_to` moves the job to another secondary status; `spent_s` is the time that earlier attempts ran."""

    job: TrainingJob
    platform: Platform
    state: State
    move_to: Callable[[TrainingJob, str, str], None]
    grace_s: Callable[[], float]
    watchdog: Watchdog
    on_metric: OnMetric
    spent_s: float

    def go(self) -> Ending:
        """Raises: DataFault: the request or this machine prevents the job from training."""
        job, request = self.job, self.job.request
        _check_instances(job)
        image = self.platform.images.find(request["AlgorithmSpecification"]["TrainingImage"])
        folder = Folder(self.platform.home / job.name)
        checkpoints = (
            Checkpoints(self.platform.s3, request["CheckpointConfig"], folder)
            if "CheckpointConfig" in request
            else None
        )
        with self.state.changing(job):
            job.started_at = time.time()
        self.move_to(job, "Downloading", "Downloading input data")
        for channel in channels_of(request):
            channels.download(self.platform.s3, channel, folder.channel(channel["ChannelName"]))
        if checkpoints:
            checkpoints.download()
        folder.configure(job.hyperparameters, request)
        if job.stop.is_set():
            return TOLD_TO_STOP
        self.move_to(job, "Training", "Training image download completed. Training in progress.")
        with checkpoints.uploading() if checkpoints else nullcontext():
            ending = self._train(image, folder, checkpoints)
        self.move_to(job, "Uploading", "Uploading generated training model")
        return self._upload(folder, checkpoints, ending)

    def _train(self, image: Program | ContainerImage, folder: Folder, checkpoints: Checkpoints | None) -> Ending:
        job = self.job
        command = Launch(job, folder, checkpoints, client_variables(self.platform.s3)).command(image)
        limit = limit_of(job, time.time(), self.spent_s)
        metrics = JobMetrics(self.platform.cloudwatch, job.name)
        try:
            ended = process.run(
                command, folder.log, self._listener(metrics), job.stop, limit.seconds, self.grace_s, self.watchdog
            )
        except OSError as error:
            return failed(f"ClientError: the program cannot be started: {error}")
        metrics.send()
        if not ended.why and not folder.failure() and (fault := image.fault(ended.code, folder.log)):
            return failed(fault)
        return after(ended, folder.failure(), limit)

    def _listener(self, metrics: JobMetrics) -> OnLines:
        """Pass the program's lines to the log, and the metrics in them to the job, CloudWatch and `on_metric`."""
        scraper = Scraper(self.job.request["AlgorithmSpecification"].get("MetricDefinitions", []))
        write = job_log(self.platform.put_log, TRAINING_JOBS, self.job.name)

        def on_lines(lines: Sequence[str]) -> None:
            write(lines)
            found = [pair for line in lines for pair in scraper.read(line).items()]
            if found:
                with self.state.changing(self.job):
                    self.job.metrics.update({name: (value, time.time()) for name, value in found})
            for name, value in found:
                self.on_metric(name, value)
            metrics.add(found, time.time())

        return on_lines

    def _upload(self, folder: Folder, checkpoints: Checkpoints | None, ending: Ending) -> Ending:
        """Upload the results, however the program ended. Raises: DataFault, unless the program failed before."""
        config = self.job.request["OutputDataConfig"]
        base = f"{config['S3OutputPath'].rstrip('/')}/{self.job.name}/output"
        try:
            if checkpoints:
                checkpoints.upload()
            uri = artifacts.upload_model(self.platform.s3, folder.model, base, config)
            artifacts.upload_archive(self.platform.s3, folder.output, f"{base}/output.tar.gz", config)
        except DataFault:
            if not ending.reason:
                raise
            return ending
        with self.state.changing(self.job):
            self.job.model_uri = uri
        return ending


def _check_instances(job: TrainingJob) -> None:
    """Raises: DataFault: the request asks for more than one instance."""
    config = job.request.get("ResourceConfig", {})
    groups = config.get("InstanceGroups", [])
    count = sum(group["InstanceCount"] for group in groups) or config.get("InstanceCount", 1)
    if count != 1:
        text = f"the local AWS has one instance, but the request asks for {count}: set InstanceCount to 1"
        raise DataFault(f"ClientError: {text}.")
