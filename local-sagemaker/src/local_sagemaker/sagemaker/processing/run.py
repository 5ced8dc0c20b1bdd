"""One run of a processing job: download, process, upload."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.container import channels, process
from local_sagemaker.sagemaker.container.folder import client_variables
from local_sagemaker.sagemaker.container.logs import PROCESSING_JOBS, job_log
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.container.uploads import FolderUpload
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.processing.endings import TOLD_TO_STOP, ProcessingEnd, after, failed
from local_sagemaker.sagemaker.processing.folder import ProcessingFolder, downloaded, uploaded
from local_sagemaker.sagemaker.processing.launch import ProcessingLaunch
from local_sagemaker.sagemaker.processing.records import ProcessingJob, ProcessingStore

UPLOAD_FAILED = "Failed to upload output data"


@dataclass(frozen=True)
class ProcessingRun:
    """`grace_s` may be shortened while the job runs."""

    job: ProcessingJob
    platform: Platform
    store: ProcessingStore
    grace_s: Callable[[], float]
    watchdog: Watchdog

    def go(self) -> ProcessingEnd:
        """Raises: DataFault: the request or this machine prevents the job from processing."""
        job, request = self.job, self.job.request
        image = self.platform.images.find(request["AppSpecification"]["ImageUri"])
        folder = ProcessingFolder(self.platform.home / job.name, request)
        with self.store.changing(job):
            job.started_at = job.modified_at = time.time()
        for given in downloaded(request):
            channels.download_source(self.platform.s3, given["S3Input"], folder.place(given["S3Input"]["LocalPath"]))
        folder.configure(job)
        if job.stop.is_set():
            return TOLD_TO_STOP
        command = ProcessingLaunch(job, folder, client_variables(self.platform.s3)).command(image)
        return self._process(command, image, folder)

    def _process(self, command: process.Command, image: Any, folder: ProcessingFolder) -> ProcessingEnd:
        """Run the program, and keep its message and its outputs, however it ends."""
        request = self.job.request
        outputs = [(given["S3Output"]["S3UploadMode"], self._upload(given, folder)) for given in uploaded(request)]
        with ExitStack() as running:
            for mode, upload in outputs:
                if mode == "Continuous":
                    running.enter_context(upload.uploading())
            end = self._run(command, image, folder)
        try:
            self._keep_message(folder)
            for _, upload in outputs:
                upload.upload()
        except DataFault:
            if not end.reason:
                raise
        return end

    def _run(self, command: process.Command, image: Any, folder: ProcessingFolder) -> ProcessingEnd:
        limit_s = self.job.request["StoppingCondition"]["MaxRuntimeInSeconds"]
        write = job_log(self.platform.put_log, PROCESSING_JOBS, self.job.name)
        try:
            ended = process.run(command, folder.log, write, self.job.stop, limit_s, self.grace_s, self.watchdog)
        except OSError as error:
            return failed(f"ClientError: the program cannot be started: {error}")
        fault = None if ended.why else image.fault(ended.code, folder.log)
        return failed(fault) if fault else after(ended)

    def _upload(self, given: dict[str, Any], folder: ProcessingFolder) -> FolderUpload:
        """Symbolic links are not followed ("How Amazon SageMaker Processing Configures Input and Output")."""
        place = given["S3Output"]
        key = self.job.request["ProcessingOutputConfig"].get("KmsKeyId")
        here = folder.place(place["LocalPath"])
        return FolderUpload(self.platform.s3, here, place["S3Uri"], UPLOAD_FAILED, kms_key=key, follows_links=False)

    def _keep_message(self, folder: ProcessingFolder) -> None:
        message = folder.message()
        with self.store.changing(self.job):
            self.job.message = message
